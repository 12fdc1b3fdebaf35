import { type CedarPartKind, splitCedar } from "./split-cedar";

const looks: Record<CedarPartKind, string | undefined> = {
  keyword: "text-sql-keyword font-medium",
  annotation: "text-sql-param",
  entity: "text-ink-muted",
  string: "text-sql-string",
  number: "text-sql-number",
  comment: "text-sql-comment italic",
  plain: undefined,
};

/** Cedar, with the colours of the editor. */
export function CedarText({ text }: { text: string }) {
  return (
    <code dir="ltr">
      {splitCedar(text).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        <span key={index} className={looks[part.kind]}>
          {part.text}
        </span>
      ))}
    </code>
  );
}

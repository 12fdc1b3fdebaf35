import { clsx } from "clsx";
import { memo } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { revealCharacters } from "./reveal-characters";
import { type SqlPartKind, splitSql } from "./split-sql";

const looks: Record<SqlPartKind, string | undefined> = {
  keyword: "text-sql-keyword font-medium",
  string: "text-sql-string",
  number: "text-sql-number",
  param: "text-sql-param font-medium",
  comment: "text-sql-comment italic",
  lookalike: "rounded-[2px] bg-hold-soft text-hold underline decoration-dotted underline-offset-2",
  plain: undefined,
};

type SqlTextProps = {
  sql: string;
  /** Spaces and line ends become one space each, for table rows; hidden characters stay marked. */
  oneLine?: boolean;
  className?: string;
};

/**
 * SQL, highlighted the same way everywhere. Hidden and bidirectional characters are shown by name, identifiers with
 * letters outside ASCII are marked, and the direction is always left to right, so that what is read is what was sent.
 */
export const SqlText = memo(function SqlText({ sql, oneLine, className }: SqlTextProps) {
  const text = oneLine ? sql.slice(0, oneLineCharactersMax).replace(/[ \t\r\n]+/g, " ") : sql;
  return (
    <code dir="ltr" className={clsx("[unicode-bidi:bidi-override]", className)}>
      {splitSql(text).map((part, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
          key={index}
          className={looks[part.kind]}
          title={
            part.kind === "lookalike"
              ? "This name has letters outside ASCII: check that it is the one you mean"
              : undefined
          }
        >
          <Revealed text={part.text} />
        </span>
      ))}
    </code>
  );
});

const oneLineCharactersMax = 600;

/** Text with its hidden characters shown by name. */
export function Revealed({ text }: { text: string }) {
  return revealCharacters(text).map((part, index) =>
    "text" in part ? (
      part.text
    ) : (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        key={index}
        title={part.name}
        className="mx-px rounded-[2px] border border-deny-line bg-deny-soft px-0.5 text-2xs text-deny not-italic"
      >
        {part.name.split(" ", 1)[0]}
      </mark>
    ),
  );
}

/** A whole statement in a box, wrapped, with a button that copies exactly what was sent. */
export function SqlBlock({ sql, value, className }: { sql: string; value?: string; className?: string }) {
  return (
    <CodeBlock value={value ?? sql} label="Copy statement" wrap className={className}>
      <SqlText sql={sql} />
    </CodeBlock>
  );
}

import { StreamLanguage } from "@codemirror/language";
import { type CedarPartKind, nextCedarPart } from "./split-cedar";

const tags: Record<CedarPartKind, string | null> = {
  keyword: "keyword",
  annotation: "meta",
  entity: "typeName",
  string: "string",
  number: "number",
  comment: "comment",
  plain: null,
};

/** Cedar for the editor: the same parts as everywhere else. */
export const cedarLanguage = StreamLanguage.define({
  name: "cedar",
  languageData: { commentTokens: { line: "//" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
  token(stream) {
    const part = nextCedarPart(stream.string.slice(stream.pos));
    if (part === null) return null;
    stream.pos += part.text.length;
    return tags[part.kind];
  },
});

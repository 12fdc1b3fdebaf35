import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colour = (name: string) => `var(--color-${name})`;

/** The editor in the console's own tokens, so that both themes come for nothing. */
export const editorTheme = EditorView.theme({
  "&": { height: "100%", backgroundColor: colour("surface"), color: colour("ink"), fontSize: "0.8125rem" },
  // The frame around it shows the focus: the gutter would cover an outline.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5rem", fontVariantLigatures: "none" },
  ".cm-content": { padding: "0.5rem 0", caretColor: colour("ink") },
  ".cm-cursor": { borderLeftColor: colour("ink") },
  ".cm-gutters": { backgroundColor: colour("surface"), color: colour("ink-faint"), border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.75rem 0 1rem", minWidth: "3rem" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: `color-mix(in oklab, ${colour("hover")} 70%, transparent)`,
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: colour("selected"),
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: colour("accent-soft"),
    outline: `1px solid ${colour("line-strong")}`,
  },
  ".cm-tooltip": {
    backgroundColor: colour("raised"),
    color: colour("ink"),
    border: `1px solid ${colour("line-strong")}`,
    borderRadius: "var(--radius-md)",
    maxWidth: "32rem",
  },
  ".cm-diagnostic": { padding: "0.25rem 0.5rem", fontFamily: "var(--font-sans)", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeft: `3px solid ${colour("deny")}` },
  ".cm-diagnostic-warning": { borderLeft: `3px solid ${colour("hold")}` },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: `underline wavy ${colour("deny")} 1px`,
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: `underline wavy ${colour("hold")} 1px`,
    textUnderlineOffset: "3px",
  },
});

/** The colours of CedarText and SqlText. */
export const editorColours = HighlightStyle.define([
  { tag: [tags.keyword, tags.definition(tags.propertyName), tags.propertyName], color: colour("sql-keyword") },
  { tag: [tags.meta, tags.annotation, tags.labelName], color: colour("sql-param") },
  { tag: [tags.typeName], color: colour("ink-muted") },
  { tag: [tags.string, tags.special(tags.string)], color: colour("sql-string") },
  { tag: [tags.number, tags.bool, tags.null], color: colour("sql-number") },
  { tag: [tags.comment, tags.lineComment], color: colour("sql-comment"), fontStyle: "italic" },
]);

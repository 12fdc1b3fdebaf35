"use client";

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { BundleFault } from "@/lib/policy/types";
import { cedarLanguage } from "./cedar-language";
import { editorColours, editorTheme } from "./editor-theme";

export type CodeEditorProps = {
  /** its ending says the language */
  file: string;
  /** read once; the editor keeps its own text from then on */
  text: string;
  onChange: (text: string) => void;
  /** of this file */
  faults: BundleFault[];
  readOnly: boolean;
  /** where to go, 1-based; a new object goes there again */
  goTo: { line: number } | null;
};

/** An editor for one file of a bundle; give it a key per file. Faults are marked at their lines. */
export default function CodeEditor({ file, text, onChange, faults, readOnly, goTo }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  change.current = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor keeps its own text once it is there
  useEffect(() => {
    const made = new EditorView({
      parent: place.current as HTMLElement,
      state: EditorState.create({ doc: text, extensions: extensionsFor({ file, readOnly, change }) }),
    });
    view.current = made;
    return () => made.destroy();
  }, [file, readOnly]);

  useEffect(() => {
    if (view.current !== null)
      view.current.dispatch(setDiagnostics(view.current.state, marksOf(faults, view.current.state)));
  }, [faults]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || goTo === null) return;
    const line = editor.state.doc.line(Math.min(Math.max(goTo.line, 1), editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: "center" }),
    });
    editor.focus();
  }, [goTo]);

  return (
    <div ref={place} className="h-full min-h-0 overflow-hidden border-2 border-transparent focus-within:border-focus" />
  );
}

type ExtensionsFor = { file: string; readOnly: boolean; change: { current: (text: string) => void } };

function extensionsFor({ file, readOnly, change }: ExtensionsFor): Extension[] {
  const nonce = globalThis.__webpack_nonce__;
  return [
    nonce === undefined ? [] : EditorView.cspNonce.of(nonce),
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    syntaxHighlighting(editorColours),
    editorTheme,
    file.endsWith(".cedar") ? cedarLanguage : yaml(),
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({ "aria-label": file, spellcheck: "false", tabindex: "0" }),
    // Escape, then Tab, leaves the editor, so that the keyboard is never caught in it.
    keymap.of([...lintKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) change.current(update.state.doc.toString());
    }),
  ];
}

/** A fault marks its whole line, without the spaces in front. */
function marksOf(faults: BundleFault[], state: EditorState) {
  return faults.map((fault) => {
    const line = state.doc.line(Math.min(Math.max(fault.line ?? 1, 1), state.doc.lines));
    const indent = line.text.length - line.text.trimStart().length;
    return { from: line.from + indent, to: line.to, severity: fault.severity, message: fault.message };
  });
}

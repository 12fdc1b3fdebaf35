import { isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import type { BundleFault } from "./types";

export type YamlReading<Value> =
  | { ok: true; value: Value; lineOf: (path: readonly PropertyKey[]) => number | undefined }
  | { ok: false; faults: BundleFault[] };

/** Reads a YAML file of a bundle against a schema; every fault knows its line. An empty file reads as `empty`. */
export function readYaml<Schema extends z.ZodType>(about: {
  file: string;
  text: string;
  schema: Schema;
  empty: unknown;
}): YamlReading<z.output<Schema>> {
  const { file, text, schema, empty } = about;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      file,
      line: lines.linePos(error.pos[0]).line,
      message: error.message,
      severity: "error" as const,
    }));
    return { ok: false, faults };
  }
  const lineOf = (path: readonly PropertyKey[]) => {
    const start = nodeAt(document.contents, path)?.range?.[0];
    return start === undefined ? undefined : lines.linePos(start).line;
  };
  const content = plainValue(() => document.toJS());
  if (!content.ok) return { ok: false, faults: [{ file, message: content.message, severity: "error" }] };
  const parsed = schema.safeParse(content.value ?? empty);
  if (parsed.success) return { ok: true, value: parsed.data, lineOf };
  const faults = parsed.error.issues.map((issue) => ({
    file,
    line: lineOf(issue.path),
    message: `${pathText(issue.path)}${issue.message}`,
    severity: "error" as const,
  }));
  return { ok: false, faults };
}

function plainValue(read: () => unknown): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    // Aliases that multiply without end.
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The node at the path, or the nearest one above it that exists. */
function nodeAt(root: unknown, path: readonly PropertyKey[]): Node | undefined {
  let node = root as Node | null | undefined;
  for (const key of path) {
    const child = isMap(node) || isSeq(node) ? node.get(key as string | number, true) : undefined;
    if (!child || typeof child !== "object") break;
    node = child as Node;
  }
  return node ?? undefined;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}

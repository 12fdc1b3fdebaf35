/** A node of libpg-query's JSON: `{ SelectStmt: { … } }`, or the bare fields where the grammar knows the kind. */
export type Tree = { [field: string]: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Kind and fields of a wrapped node; undefined for bare fields, lists and scalars. */
export function unwrap(value: unknown): { tag: string; fields: Tree } | undefined {
  if (!isTree(value)) return undefined;
  let tag: string | undefined;
  for (const key in value) {
    if (tag !== undefined) return undefined;
    tag = key;
  }
  if (tag === undefined) return undefined;
  const first = tag.charCodeAt(0);
  const fields = value[tag];
  return first >= 65 && first <= 90 && isTree(fields) ? { tag, fields } : undefined;
}

/** The fields of a node that is wrapped in exactly this kind. */
export function fieldsOf(value: unknown, tag: string): Tree | undefined {
  const node = unwrap(value);
  return node?.tag === tag ? node.fields : undefined;
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Texts of a list of String nodes; other nodes are left out. */
export function strings(value: unknown): string[] {
  return listOf(value).flatMap((item) => {
    const text = fieldsOf(item, "String");
    return text === undefined ? [] : [typeof text.sval === "string" ? text.sval : ""];
  });
}

/** Byte offset in the text; protobuf leaves 0 out. */
export function locationOf(fields: Tree): number {
  return typeof fields.location === "number" ? fields.location : 0;
}

/** Calls `visit` for every wrapped node, parents first. The depth is bounded by the parser's nesting cap. */
export function walk(value: unknown, visit: (tag: string, fields: Tree) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (!isTree(value)) return;
  const node = unwrap(value);
  if (node !== undefined) visit(node.tag, node.fields);
  for (const key in value) walk(value[key], visit);
}

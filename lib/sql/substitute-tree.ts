import { isTree, type Tree } from "./walk";

/** What stands in place of a node: keyed by the node's fields, given its tag (undefined for bare fields). */
export type Replacements = Map<Tree, (fields: Tree) => { tag?: string; fields: Tree }>;

/** A copy of a tree with some nodes replaced. Parts of a replaced node are rebuilt before it is. */
export function rebuild(value: unknown, replacements: Replacements): unknown {
  if (Array.isArray(value)) return value.map((item) => rebuild(item, replacements));
  if (!isTree(value)) return value;
  const copy: Tree = {};
  for (const key in value) {
    const child = value[key];
    const replacement = isTree(child) ? replacements.get(child) : undefined;
    const built = rebuild(child, replacements);
    if (replacement === undefined || !isTree(built)) {
      copy[key] = built;
      continue;
    }
    const { tag, fields } = replacement(built);
    copy[tag ?? key] = fields;
  }
  return copy;
}

/** Fields that say where something stood in the text, and nothing else. */
const positions =
  /^(?:location|stmt_location|stmt_len|list_start|list_end|rexpr_list_start|rexpr_list_end|name_location)$/;

/** Whether two trees are the same but for positions. */
export function sameTree(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, index) => sameTree(item, other[index]))
    );
  }
  if (!isTree(one)) return one === other;
  if (!isTree(other)) return false;
  for (const key in one) {
    if (!positions.test(key) && !sameTree(one[key], other[key])) return false;
  }
  for (const key in other) {
    if (!positions.test(key) && !(key in one)) return false;
  }
  return true;
}

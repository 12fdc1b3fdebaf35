import { fieldsOf, listOf, strings, type Tree, unwrap, walk } from "../walk";

/** Whether a ColumnRef means a column that is never NULL. */
export type NeverNull = (columnRef: Tree) => boolean;

/**
 * Whether a condition leaves no row out: no column stands in it, or it is true for every row. Values of literals do
 * not count except in patterns, so that the answer is the same for every text of a shape: a branch of OR without a
 * column counts as true.
 */
export function isConstantCondition(condition: unknown, neverNull: NeverNull = () => false): boolean {
  return !readsColumn(condition) || always(condition, true, neverNull);
}

/** Whether a pattern literal stands in the condition, which then decides whether it is constant. */
export function hasPatternLiteral(condition: unknown): boolean {
  let found = false;
  walk(condition, (tag, fields) => {
    if (tag === "A_Expr" && patternOf(fields) !== null) found = true;
  });
  return found;
}

export function readsColumn(node: unknown): boolean {
  let found = false;
  walk(node, (tag) => {
    if (tag === "ColumnRef" || tag === "CurrentOfExpr") found = true;
  });
  return found;
}

/** Whether a condition has this truth value for every row, NULLs in compared columns aside. */
function always(node: unknown, value: boolean, neverNull: NeverNull): boolean {
  const entry = unwrap(node);
  if (entry === undefined) return false;
  const { tag, fields } = entry;
  const known = tag === "A_Const" ? fieldsOfBoolean(fields) : undefined;
  if (known !== undefined) return known === value;
  if (!readsColumn(node)) return true;
  switch (tag) {
    case "BoolExpr":
      return alwaysBool(fields, value, neverNull);
    case "A_Expr":
      return alwaysComparison(fields, value);
    case "NullTest":
      return alwaysNullTest(fields, value, neverNull);
    case "BooleanTest": {
      const test = /^IS_(NOT_)?(TRUE|FALSE)$/.exec(String(fields.booltesttype));
      if (test === null) return false;
      const tested = test[2] === "TRUE";
      return always(fields.arg, (test[1] === undefined) === value ? tested : !tested, neverNull);
    }
    case "TypeCast":
    case "CollateClause":
      return always(fields.arg, value, neverNull);
    case "CoalesceExpr":
      return always(listOf(fields.args)[0], value, neverNull);
    case "CaseExpr": {
      const results = [...listOf(fields.args).map((one) => fieldsOf(one, "CaseWhen")?.result), fields.defresult];
      return results.every((result) => always(result, value, neverNull));
    }
    default:
      return false;
  }
}

function fieldsOfBoolean(constant: Tree): boolean | undefined {
  if (!("boolval" in constant)) return undefined;
  // protobuf leaves `false` out
  return (constant.boolval as Tree | null)?.boolval === true;
}

function alwaysBool(fields: Tree, value: boolean, neverNull: NeverNull): boolean {
  const parts = listOf(fields.args);
  if (fields.boolop === "NOT_EXPR") return always(parts[0], !value, neverNull);
  const needsAll = (fields.boolop === "AND_EXPR") === value;
  if (needsAll) return parts.every((part) => always(part, value, neverNull));
  return parts.some((part) => always(part, value, neverNull)) || parts.some((part, i) => contradicts(parts, part, i));
}

/** Whether a later part is the opposite of this one: `x IS NULL OR x IS NOT NULL`, `x > 1 OR x <= 1`, `p OR NOT p`. */
function contradicts(parts: readonly unknown[], part: unknown, index: number): boolean {
  return parts.slice(index + 1).some((other) => isOpposite(part, other) || isOpposite(other, part));
}

const oppositeOperators: Record<string, string> = { "=": "<>", "<": ">=", ">": "<=" };

function isOpposite(one: unknown, other: unknown): boolean {
  const negated = fieldsOf(one, "BoolExpr");
  if (negated?.boolop === "NOT_EXPR" && same(listOf(negated.args)[0], other)) return true;
  const nullOne = fieldsOf(one, "NullTest");
  const nullOther = fieldsOf(other, "NullTest");
  if (nullOne !== undefined && nullOther !== undefined) {
    return nullOne.nulltesttype !== nullOther.nulltesttype && same(nullOne.arg, nullOther.arg);
  }
  const left = fieldsOf(one, "A_Expr");
  const right = fieldsOf(other, "A_Expr");
  if (left === undefined || right === undefined || left.kind !== "AEXPR_OP" || right.kind !== "AEXPR_OP") return false;
  const opposite = oppositeOperators[operatorOf(left)];
  return opposite === operatorOf(right) && same(left.lexpr, right.lexpr) && same(left.rexpr, right.rexpr);
}

const reflexive = new Set(["=", "<=", ">=", "~~", "~~*", "@>", "<@", "~"]);
const irreflexive = new Set(["<>", "!=", "<", ">", "!~~", "!~~*", "!~"]);

function alwaysComparison(fields: Tree, value: boolean): boolean {
  const operator = operatorOf(fields);
  const pattern = patternOf(fields);
  if (pattern !== null) return pattern.matchesAll && (operator.startsWith("!") ? !value : value);
  switch (fields.kind) {
    case "AEXPR_OP":
    case "AEXPR_LIKE":
    case "AEXPR_ILIKE":
      return same(fields.lexpr, fields.rexpr) && (value ? reflexive : irreflexive).has(operator);
    case "AEXPR_DISTINCT":
      return !value && same(fields.lexpr, fields.rexpr);
    case "AEXPR_NOT_DISTINCT":
      return value && same(fields.lexpr, fields.rexpr);
    case "AEXPR_IN":
      return (operator === "=") === value && elementsOf(fields.rexpr).some((one) => same(fields.lexpr, one));
    case "AEXPR_OP_ANY":
      return value && operator === "=" && elementsOf(fields.rexpr).some((one) => same(fields.lexpr, one));
    case "AEXPR_BETWEEN":
    case "AEXPR_BETWEEN_SYM":
      return value && elementsOf(fields.rexpr).every((one) => same(fields.lexpr, one));
    default:
      return false;
  }
}

function elementsOf(node: unknown): unknown[] {
  const list = fieldsOf(node, "List")?.items ?? fieldsOf(node, "A_ArrayExpr")?.elements;
  return listOf(list);
}

function alwaysNullTest(fields: Tree, value: boolean, neverNull: NeverNull): boolean {
  const column = fieldsOf(fields.arg, "ColumnRef");
  return column !== undefined && neverNull(column) && (fields.nulltesttype === "IS_NOT_NULL") === value;
}

/** LIKE, SIMILAR TO or a regular expression against a literal, and whether every text matches it. */
function patternOf(fields: Tree): { matchesAll: boolean } | null {
  const operator = operatorOf(fields);
  if (fields.kind === "AEXPR_LIKE" || fields.kind === "AEXPR_ILIKE" || /^!?~~\*?$/.test(operator)) {
    return literalPattern(fields.rexpr, /^%+$/);
  }
  if (fields.kind === "AEXPR_SIMILAR") return literalPattern(fields.rexpr, /^[%*]+$/);
  if (fields.kind === "AEXPR_OP" && /^!?~\*?$/.test(operator))
    return literalPattern(fields.rexpr, /^\^?(\.\*\??)*\$?$/);
  return null;
}

function literalPattern(node: unknown, all: RegExp): { matchesAll: boolean } | null {
  const constant = fieldsOf(node, "A_Const");
  if (constant !== undefined && "sval" in constant) {
    return { matchesAll: all.test(String((constant.sval as Tree | null)?.sval ?? "")) };
  }
  // ESCAPE and casts wrap the pattern.
  const inner = listOf(fieldsOf(node, "FuncCall")?.args)[0] ?? fieldsOf(node, "TypeCast")?.arg;
  return inner === undefined ? null : literalPattern(inner, all);
}

function operatorOf(fields: Tree): string {
  return strings(fields.name).at(-1) ?? "";
}

/**
 * Equal expressions: `t.x` and `x` are one column, and any two literals are equal, so that texts of one shape get one
 * answer.
 */
function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const left = unwrap(one);
  const right = unwrap(other);
  if (left?.tag === "ColumnRef" && right?.tag === "ColumnRef") return sameColumn(left.fields, right.fields);
  if (left?.tag === "A_Const" && right?.tag === "A_Const") return true;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  keys.delete("location");
  return [...keys].every((key) => same((one as Tree)[key], (other as Tree)[key]));
}

function sameColumn(one: Tree, other: Tree): boolean {
  const left = strings(one.fields);
  const right = strings(other.fields);
  const length = Math.min(left.length, right.length);
  return length > 0 && left.slice(-length).join("\0") === right.slice(-length).join("\0");
}

import type { Expr } from "@cedar-policy/cedar-wasm/nodejs";

/** `subject` is only compared with literals; its answer can change only where it reaches a threshold. */
export type ComparedInteger = { subject: Expr; thresholds: number[] };

type Binary = { left: Expr; right: Expr };

/** For each operator, subject on the left: the thresholds that the literal makes. */
const thresholdsOf: Record<string, (literal: number) => number[]> = {
  "<": (literal) => [literal],
  ">=": (literal) => [literal],
  "<=": (literal) => [literal + 1],
  ">": (literal) => [literal + 1],
  "==": (literal) => [literal, literal + 1],
  "!=": (literal) => [literal, literal + 1],
};

const mirrored: Record<string, string> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!=" };

/** Reads `x >= 22`, `6 > x` and `[1, 2].contains(x)`; null for every other expression. */
export function comparedInteger(expression: Expr): ComparedInteger | null {
  const entries = Object.entries(expression);
  const [operator, operands] = entries[0] ?? [];
  if (entries.length !== 1 || operator === undefined || !isBinary(operands)) return null;
  if (operator === "contains") return containedInteger(operands);
  if (!Object.hasOwn(thresholdsOf, operator)) return null;
  const right = integerOf(operands.right);
  if (right !== null) return { subject: operands.left, thresholds: thresholdsOf[operator]!(right) };
  const left = integerOf(operands.left);
  if (left !== null) return { subject: operands.right, thresholds: thresholdsOf[mirrored[operator]!]!(left) };
  return null;
}

function containedInteger({ left, right }: Binary): ComparedInteger | null {
  const members = (left as { Set?: Expr[] }).Set;
  if (!Array.isArray(members)) return null;
  const literals = members.map(integerOf);
  if (!literals.every((literal) => literal !== null)) return null;
  const thresholds = new Set(literals.flatMap((literal) => [literal, literal + 1]));
  return { subject: right, thresholds: [...thresholds].sort((a, b) => a - b) };
}

function integerOf(expression: Expr): number | null {
  const node = expression as { Value?: unknown; neg?: { arg: Expr } };
  if (node.neg) {
    const inner = integerOf(node.neg.arg);
    return inner === null ? null : -inner;
  }
  // Larger literals lose digits in JSON; then nothing is known about them.
  return Number.isSafeInteger(node.Value) && Number.isSafeInteger((node.Value as number) + 1)
    ? (node.Value as number)
    : null;
}

function isBinary(operands: unknown): operands is Binary {
  return typeof operands === "object" && operands !== null && "left" in operands && "right" in operands;
}

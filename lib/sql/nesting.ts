import { TokenKind, type Tokens, tokenCount, tokenEnd, tokenKind, tokenStart } from "./lex";

/** Texts whose tree could be deeper than this never reach the parser. */
export const nestingMax = 1000;

/**
 * An upper estimate of how deep the parse tree of a text is, from its tokens alone. Three things nest: brackets and
 * CASE; chains of operators (`1 + 1 + …` and `NOT NOT …` lean to one side, one level each), which end at a comma, AND,
 * OR or the next clause, since AND and OR lists are flat; and set operations and joins, which lean for as long as
 * their statement goes on.
 */
export function nestingDepth(sql: string, tokens: Tokens): number {
  const count = tokenCount(tokens);
  const levels: Level[] = [{ isCase: false, above: 0, chain: 0, steps: 0 }];
  let level = levels[0] as Level;
  let deepest = 0;
  for (let index = 0; index < count; index++) {
    const effect = effectOf(sql, tokens, index);
    if (effect === "none") continue;
    if (effect === "open" || effect === "case") {
      level = { isCase: effect === "case", above: level.above + 1 + level.chain + level.steps, chain: 0, steps: 0 };
      levels.push(level);
    } else if (effect === "close" || effect === "endCase") {
      level = closeLevel(levels, effect);
    } else {
      extendLevel(level, effect);
    }
    deepest = Math.max(deepest, level.above + level.chain + level.steps);
  }
  return deepest;
}

/** An open bracket or CASE: links of the current chain, set operations and joins so far, and what is above it. */
type Level = { isCase: boolean; above: number; chain: number; steps: number };

/** END closes a CASE and nothing else, since it may be a column's name; a bracket closes any CASE left open in it. */
function closeLevel(levels: Level[], effect: "close" | "endCase"): Level {
  const top = levels.at(-1) as Level;
  if (effect === "endCase") {
    if (top.isCase) levels.pop();
  } else {
    let bracket = levels.length - 1;
    while (bracket > 0 && levels[bracket]?.isCase) bracket--;
    if (bracket > 0) levels.length = bracket;
  }
  return levels.at(-1) as Level;
}

function extendLevel(level: Level, effect: "link" | "step" | "end" | "statement"): void {
  if (effect === "link") {
    level.chain++;
    return;
  }
  level.chain = 0;
  if (effect === "step") level.steps++;
  else if (effect === "statement" && level.above === 0) level.steps = 0;
}

type Effect = "open" | "close" | "case" | "endCase" | "link" | "step" | "end" | "statement" | "none";

const wordEffects = new Map<string, Effect>([
  ["case", "case"],
  ["end", "endCase"],
]);
for (const word of "not is isnull notnull collate at operator like ilike similar between in".split(" ")) {
  wordEffects.set(word, "link");
}
for (const word of "union except intersect join".split(" ")) wordEffects.set(word, "step");
for (const word of "and or when then else select from where".split(" ")) wordEffects.set(word, "end");

function effectOf(sql: string, tokens: Tokens, index: number): Effect {
  const start = tokenStart(tokens, index);
  switch (tokenKind(tokens, index)) {
    case TokenKind.operator:
      return "link";
    case TokenKind.punct:
      return punctEffect(sql, start, tokenEnd(tokens, index));
    case TokenKind.word: {
      const end = tokenEnd(tokens, index);
      if (end - start > 9) return "none";
      return wordEffects.get(sql.slice(start, end).toLowerCase()) ?? "none";
    }
    default:
      return "none";
  }
}

function punctEffect(sql: string, start: number, end: number): Effect {
  switch (sql.charCodeAt(start)) {
    case 40: // (
    case 91: // [
      return "open";
    case 41: // )
    case 93: // ]
      return "close";
    case 44: // ,
      return "end";
    case 58: // ::
      return end - start === 2 && sql.charCodeAt(start + 1) === 58 ? "link" : "none";
    case 59: // ;
      return "statement";
    default:
      return "none";
  }
}

import { isOperatorCharacter } from "./lex-characters";

const slash = 47;
const star = 42;
const minus = 45;
const plus = 43;

/** PostgreSQL refuses operators of this many characters or more (NAMEDATALEN). */
export const operatorCharactersMax = 64;

/**
 * Length of the operator that begins at `at`. The run of operator characters ends where a comment would begin, and,
 * as the SQL standard wants `2*-1` to be two operators, a longer run gives up its trailing `+` and `-` unless it
 * holds a character that the standard's operators do not (scan.l, rule {operator}).
 */
export function operatorLength(sql: string, at: number): number {
  let end = at;
  let hasOwnCharacter = false;
  while (isOperatorCharacter(sql.charCodeAt(end))) {
    const unit = sql.charCodeAt(end);
    const next = sql.charCodeAt(end + 1);
    if ((unit === slash && next === star) || (unit === minus && next === minus)) break;
    end++;
  }
  const last = sql.charCodeAt(end - 1);
  if (end - at < 2 || (last !== plus && last !== minus)) return end - at;
  for (let index = at; index < end - 1 && !hasOwnCharacter; index++) {
    hasOwnCharacter = isOutsideStandard(sql.charCodeAt(index));
  }
  if (hasOwnCharacter) return end - at;
  while (end - at > 1 && isSign(sql.charCodeAt(end - 1))) end--;
  return end - at;
}

function isSign(unit: number): boolean {
  return unit === plus || unit === minus;
}

/** One of ~ ! @ # ^ & | ` ? % */
function isOutsideStandard(unit: number): boolean {
  switch (unit) {
    case 33:
    case 35:
    case 37:
    case 38:
    case 63:
    case 64:
    case 94:
    case 96:
    case 124:
    case 126:
      return true;
    default:
      return false;
  }
}

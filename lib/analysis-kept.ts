import type { PlannedStatement } from "@/lib/analysis-types";
import { keptPrefix } from "@/lib/kept-settings";
import { quoteSqlIdent } from "@/lib/sql/names";
import type { ParsedStatement } from "@/lib/sql/parse";
import type { SqlRefusal } from "@/lib/sql/types";

/** What the upstream gets in the place of a statement about the broker's own settings. */
export type KeptStatement = { text: string };

/**
 * SET, RESET and SHOW of `countersign.*` never reach the upstream: it gets a statement of the same kind without
 * effect, and so answers in the client's own protocol, inside batches and failed transactions too. The setting that
 * stands in is pinned in every session, so writing it changes nothing.
 * @param kept what SHOW prints, by name
 */
export function keptStatement(
  statement: ParsedStatement,
  kept: Record<string, string>,
): KeptStatement | SqlRefusal | null {
  const name = String(statement.node.name ?? "").toLowerCase();
  if (!name.startsWith(keptPrefix)) return null;
  if (statement.tag === "VariableSetStmt") {
    return { text: statement.node.kind === "VAR_RESET" ? `RESET ${pinned}` : `SET ${pinned} TO on` };
  }
  if (statement.tag !== "VariableShowStmt") return null;
  const value = Object.hasOwn(kept, name) ? kept[name] : undefined;
  if (value === undefined) {
    return {
      sqlstate: "22023",
      message: `unrecognized configuration parameter "${name}"`,
      hint: `settings of the broker are ${Object.keys(kept).join(", ")}`,
    };
  }
  return { text: `SELECT '${value.replaceAll("'", "''")}'::pg_catalog.text AS ${quoteSqlIdent(name)}` };
}

const pinned = "standard_conforming_strings";

/** The whole statement is replaced. */
export function keptSplices(
  statement: ParsedStatement,
  kept: KeptStatement | SqlRefusal,
): { splices: PlannedStatement["splices"] } {
  if ("sqlstate" in kept) return { splices: [] };
  return { splices: [{ from: statement.tokenFrom, to: statement.tokenTo, text: kept.text }] };
}

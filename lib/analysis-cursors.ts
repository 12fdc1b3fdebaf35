import type { PlannedStatement } from "@/lib/analysis-types";
import type { ParsedStatement } from "@/lib/sql/parse";

export type CursorEffects = Pick<PlannedStatement, "declares" | "fetches" | "closes">;

/** CURSOR_OPT_HOLD of parsenodes.h. */
const holdOption = 0x20;

/** What a statement does to the cursors of its session. */
export function cursorEffects({ tag, node }: ParsedStatement): CursorEffects {
  const name = String(node.portalname ?? "");
  switch (tag) {
    case "DeclareCursorStmt":
      return { declares: { name, hold: (Number(node.options) & holdOption) !== 0 } };
    case "FetchStmt":
      return { fetches: name };
    case "ClosePortalStmt":
      return { closes: name === "" ? null : name };
    case "DiscardStmt":
      return node.target === "DISCARD_ALL" ? { closes: null } : {};
    default:
      return {};
  }
}

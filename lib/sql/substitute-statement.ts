import { settingClass } from "./settings";
import { isBrokerSetting } from "./substitute-names";
import { unsupported } from "./substitute-refusal";
import type { SqlRefusal } from "./types";
import { isTree, listOf, type Tree, unwrap } from "./walk";

/** What substitution has to do with a kind of statement: `data` is substituted, `passes` shows no values. */
type Handling = "data" | "passes";

const handling: Record<string, Handling> = {
  SelectStmt: "data",
  InsertStmt: "data",
  UpdateStmt: "data",
  DeleteStmt: "data",
  MergeStmt: "data",
  ExplainStmt: "data",
  DeclareCursorStmt: "data",
  CopyStmt: "data",
  ClosePortalStmt: "passes",
  ConstraintsSetStmt: "passes",
  DeallocateStmt: "passes",
  DiscardStmt: "passes",
  DropStmt: "passes",
  FetchStmt: "passes",
  LockStmt: "passes",
  TransactionStmt: "passes",
  TruncateStmt: "passes",
  UnlistenStmt: "passes",
  VacuumStmt: "passes",
  VariableSetStmt: "passes",
  VariableShowStmt: "passes",
};

const explained = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "DeclareCursorStmt"]);
/** CURSOR_OPT_HOLD of parsenodes.h */
const cursorHold = 0x20;

const hints: Record<string, string> = {
  PrepareStmt: "Use the driver's prepared statements (extended protocol) instead of PREPARE.",
  ExecuteStmt: "Use the driver's prepared statements (extended protocol) instead of EXECUTE.",
  CreateTableAsStmt: "Select the rows and keep them in the client.",
  ViewStmt: "Use a common table expression (WITH) in the statement itself.",
  DoStmt: "Send the statements one by one.",
  CallStmt: "Send the procedure's statements one by one.",
  ListenStmt: "Poll with SELECT instead.",
  NotifyStmt: "Poll with SELECT instead.",
};

/** Statement kinds outside the list are refused, whatever they do. */
export function refuseStatement(tag: string, fields: Tree): SqlRefusal | undefined {
  if (handling[tag] === undefined) {
    return unsupported(
      `${statementName(tag)} is not supported while columns are masked`,
      hints[tag] ?? "Ask for the masked columns to be unmasked, or have somebody without masks run it.",
    );
  }
  if (hasKey(fields, "intoClause")) {
    return unsupported(
      "SELECT INTO is not supported while columns are masked",
      "Select the rows and keep them in the client.",
    );
  }
  switch (tag) {
    case "ExplainStmt":
      return refuseExplain(fields);
    case "DeclareCursorStmt":
      return refuseCursor(fields);
    case "CopyStmt":
      return refuseCopy(fields);
    case "VariableShowStmt":
      return refuseShow(fields);
    case "VariableSetStmt":
      return refuseSet(fields);
    default:
      return undefined;
  }
}

/** Whether names of relations in a statement of this kind are to be written out. */
export function isSubstituted(tag: string): boolean {
  return handling[tag] === "data";
}

function refuseExplain(fields: Tree): SqlRefusal | undefined {
  const inner = unwrap(fields.query);
  if (inner === undefined || !explained.has(inner.tag)) {
    return unsupported(
      `EXPLAIN of ${statementName(inner?.tag ?? "")} is not supported while columns are masked`,
      "Explain the SELECT itself.",
    );
  }
  return refuseStatement(inner.tag, inner.fields);
}

function refuseCursor(fields: Tree): SqlRefusal | undefined {
  if (typeof fields.options === "number" && (fields.options & cursorHold) !== 0) {
    return unsupported(
      "WITH HOLD is not supported while columns are masked",
      "Declare the cursor without it and fetch inside the transaction.",
    );
  }
  return unwrap(fields.query)?.tag === "SelectStmt"
    ? undefined
    : unsupported("this cursor is not supported while columns are masked", "Declare it for a SELECT.");
}

function refuseCopy(fields: Tree): SqlRefusal | undefined {
  if (fields.is_program === true || typeof fields.filename === "string") {
    return unsupported(
      "COPY with a file or program is not supported while columns are masked",
      "Use COPY … TO STDOUT.",
    );
  }
  const query = unwrap(fields.query);
  if (query === undefined || query.tag === "SelectStmt") return undefined;
  return unsupported(
    "COPY of a statement that writes is not supported while columns are masked",
    "Send the statement itself, with RETURNING.",
  );
}

function refuseShow(fields: Tree): SqlRefusal | undefined {
  const name = typeof fields.name === "string" ? fields.name : "all";
  if (name.toLowerCase() !== "all" && !isBrokerSetting(name)) return undefined;
  return unsupported(
    `SHOW ${name === "all" ? "ALL" : name} is not available while columns are masked`,
    "Show the setting you need by its name.",
  );
}

function refuseSet(fields: Tree): SqlRefusal | undefined {
  const name = typeof fields.name === "string" ? fields.name : "";
  if (name !== "" && settingClass(name) === "refused") {
    return unsupported(`setting ${name} is not available while columns are masked`, "Leave it as it is.");
  }
  return undefined;
}

/** Names that the node's own does not give. */
const names: Record<string, string> = {
  CreateStmt: "CREATE TABLE",
  CreateTableAsStmt: "CREATE TABLE AS",
  ViewStmt: "CREATE VIEW",
  IndexStmt: "CREATE INDEX",
  RefreshMatViewStmt: "REFRESH MATERIALIZED VIEW",
  RenameStmt: "ALTER … RENAME",
  CreateFunctionStmt: "CREATE FUNCTION",
  CreateTrigStmt: "CREATE TRIGGER",
  RuleStmt: "CREATE RULE",
  ClusterStmt: "CLUSTER",
};

function statementName(tag: string): string {
  const known = names[tag];
  if (known !== undefined) return known;
  const words = tag.replace(/Stmt$/, "").replace(/([a-z])([A-Z])/g, "$1 $2");
  return words === "" ? "this statement" : words.toUpperCase();
}

function hasKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => hasKey(item, key));
  if (!isTree(value)) return false;
  return key in value || listOf(Object.values(value)).some((child) => hasKey(child, key));
}

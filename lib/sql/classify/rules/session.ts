import { fieldsOf, listOf, type Tree } from "../../walk";
import { ask, type Classification, databaseResource, refuse, type StatementRule } from "../classification";
import { noteSetting } from "../setting-change";

const transactionKinds: Record<string, [NonNullable<Classification["transaction"]>, boolean]> = {
  TRANS_STMT_BEGIN: ["begin", false],
  TRANS_STMT_START: ["begin", false],
  TRANS_STMT_SAVEPOINT: ["savepoint", false],
  TRANS_STMT_PREPARE: ["prepare", false],
  TRANS_STMT_COMMIT: ["commit", true],
  TRANS_STMT_ROLLBACK: ["rollback", true],
  TRANS_STMT_RELEASE: ["release", true],
  TRANS_STMT_ROLLBACK_TO: ["rollbackTo", true],
};

/** Transactions, settings, notifications, cursors and prepared statements. Ending things is never asked. */
export const sessionRules: Record<string, StatementRule> = {
  TransactionStmt: (c, fields) => {
    const known = transactionKinds[String(fields.kind)];
    c.kind = "transaction";
    if (known !== undefined) {
      const [transaction, ends] = known;
      c.transaction = transaction;
      c.endsOnly = ends;
      if (ends) c.kind = transaction;
    }
    // COMMIT PREPARED and ROLLBACK PREPARED end what somebody else may have begun.
    if (!c.endsOnly) ask(c, "transaction", databaseResource(c));
  },
  VariableSetStmt: (c, fields) => {
    c.literalMatters = true;
    c.kind = "set";
    noteVariable(c, fields);
  },
  VariableShowStmt: (c) => {
    c.kind = "show";
  },
  DiscardStmt: (c, fields) => {
    ends(c, "discard");
    if (fields.target === "DISCARD_ALL") c.settings.push({ name: "all", value: null, local: false });
  },
  ConstraintsSetStmt: (c) => {
    c.kind = "set";
    ask(c, "set", databaseResource(c));
  },
  ListenStmt: listen,
  UnlistenStmt: listen,
  NotifyStmt: listen,
  LockStmt: (c) => {
    c.kind = "lock";
  },
  FetchStmt: (c) => {
    c.kind = "fetch";
  },
  ClosePortalStmt: (c) => ends(c, "close"),
  DeallocateStmt: (c) => ends(c, "deallocate"),
};

function ends(c: Classification, kind: string): void {
  c.kind = kind;
  c.endsOnly = true;
}

function listen(c: Classification): void {
  c.kind = "listen";
  ask(c, "listen", databaseResource(c));
}

/** SET and RESET in all their forms. */
function noteVariable(c: Classification, fields: Tree): void {
  const local = fields.is_local === true;
  const name = String(fields.name ?? "").toLowerCase();
  const resets = fields.kind === "VAR_RESET" || fields.kind === "VAR_SET_DEFAULT";
  if ((name === "role" || name === "session_authorization") && !resets) {
    c.kind = "role";
    ask(c, "role", databaseResource(c));
  } else {
    ask(c, "set", databaseResource(c));
  }
  switch (fields.kind) {
    case "VAR_RESET_ALL":
      c.settings.push({ name: "all", value: null, local: false });
      return;
    case "VAR_SET_MULTI":
      for (const entry of listOf(fields.args)) {
        const option = fieldsOf(entry, "DefElem");
        if (option === undefined) continue;
        noteSetting(c, { name: String(option.defname), value: constantText(option.arg), local });
      }
      return;
    case "VAR_RESET":
    case "VAR_SET_DEFAULT":
      noteSetting(c, { name, value: null, local });
      return;
    case "VAR_SET_VALUE":
      noteSetting(c, { name, value: listText(name, listOf(fields.args)), local });
      return;
    default:
      refuse(c, "0A000", "this form of SET is not supported", "Write SET name = value.");
  }
}

/** Settings that are lists of names, each of which PostgreSQL quotes when it joins them (guc_funcs.c, GUC_LIST_QUOTE). */
const quotedLists = new Set(["search_path", "temp_tablespaces"]);

function listText(name: string, values: readonly unknown[]): string {
  const texts = values.map(constantText);
  if (!quotedLists.has(name)) return texts.join(", ");
  return texts.map((text) => (/^[a-z_][a-z0-9_$]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`)).join(", ");
}

function constantText(node: unknown): string {
  const constant = fieldsOf(fieldsOf(node, "TypeCast")?.arg ?? node, "A_Const") ?? {};
  for (const [field, inner] of [
    ["sval", "sval"],
    ["ival", "ival"],
    ["fval", "fval"],
    ["bsval", "bsval"],
  ] as const) {
    if (!(field in constant)) continue;
    const value = (constant[field] as Tree | null)?.[inner];
    // protobuf leaves 0 and "" out
    return String(value ?? (field === "ival" ? 0 : ""));
  }
  if ("boolval" in constant) return (constant.boolval as Tree | null)?.boolval === true ? "true" : "false";
  return "";
}

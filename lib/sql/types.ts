/** Shapes that the steps of the analysis hand to each other. Offsets are UTF-8 bytes in the client's text. */

/** Cedar actions of the schema in lib/policy/schema.ts. */
export type ActionName =
  | "select"
  | "copyOut"
  | "explain"
  | "insert"
  | "update"
  | "delete"
  | "merge"
  | "copyIn"
  | "create"
  | "alter"
  | "drop"
  | "truncate"
  | "comment"
  | "index"
  | "refresh"
  | "grant"
  | "revoke"
  | "role"
  | "security"
  | "call"
  | "executeBlock"
  | "connect"
  | "set"
  | "listen"
  | "lock"
  | "transaction"
  | "vacuum"
  | "analyze"
  | "copyProgram"
  | "other"
  | "unmask";

export type ResourceType = "Database" | "Schema" | "Table" | "Function" | "Column";

/** `id` is the dotted quoted-identifier path, e.g. `shop.public.orders`. */
export type Resource = { type: ResourceType; id: string };

/** One request that a statement makes of the policies. */
export type Ask = {
  action: ActionName;
  resource: Resource;
  /** Of the DML node that asks; true/false where the notion does not apply is (false, false). */
  hasWhere: boolean;
  whereIsConstant: boolean;
};

/** Replace tokens [from, to) of the client's text by `text`; from === to inserts before token `from`. */
export type Splice = { from: number; to: number; text: string };

/** A statement refused before policies are asked: the construct, not the person, is the reason. */
export type SqlRefusal = {
  sqlstate: "42601" | "42P01" | "0A000" | "ZS003" | "22023" | "54001" | "54000";
  message: string;
  hint: string;
  /** 1-based character position in the client's text, as PostgreSQL counts it */
  position?: number;
};

/**
 * A change of a setting that the session must know of. Names are lower case, `value` null is RESET/DEFAULT, and the
 * name `all` with null is RESET ALL or DISCARD ALL. Lists come as PostgreSQL joins them: `crm, "Odd Schema"`.
 */
export type SettingChange = { name: string; value: string | null; local: boolean };

/** What a relation reference resolved to. */
export type RelationReference = {
  oid: number;
  /** dotted path, e.g. `shop.public.customers` */
  id: string;
  schema: string;
  name: string;
  /** source: read; target: written; locked: FOR UPDATE and kin, LOCK */
  role: "source" | "target" | "locked" | "named";
};

/** What the statement is, apart from who asks. Pure in (text, catalog, search path). */
export type StatementAnalysis = {
  /** Parse-tree tag, e.g. `SelectStmt`. */
  node: string;
  /** Cedar `statement.kind`: the primary action's name, or commit, rollback, show, deallocate, … where nothing is asked. */
  kind: string;
  asks: Ask[];
  relations: RelationReference[];
  /** Ids of every column read or written, whole rows counted as all columns. */
  columns: string[];
  hasWhere: boolean;
  whereIsConstant: boolean;
  settings: SettingChange[];
  /** Ending things is never refused or held. */
  endsOnly: boolean;
  transaction?: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollbackTo" | "prepare";
  /** True for statements that change the upstream's catalog. */
  changesCatalog: boolean;
  /** True where a literal changes the meaning (set_config, regclass casts, PREPARE/EXECUTE …): key by exact text. */
  literalMatters: boolean;
  refusal?: SqlRefusal;
};

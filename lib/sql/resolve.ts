import { firstTokenFrom, positionOf } from "./byte-offsets";
import type { CatalogIndex } from "./catalog-index";
import { tokenStart } from "./lex";
import type { ParsedBatch, ParsedStatement } from "./parse";
import { emptyFound, type Found, namesOf, type Resolution, referRelation, touchAll } from "./resolve-context";
import { expressionOrigin } from "./resolve-expression";
import { aliasOf } from "./resolve-from";
import { selectOutput } from "./resolve-select";
import { deleteOutput, insertOutput, mergeOutput, updateOutput } from "./resolve-write";
import type { Env, Output } from "./scope";
import type { SqlRefusal } from "./types";
import { fieldsOf, isTree, listOf, type Tree, unwrap } from "./walk";

export type ResolveInput = {
  statement: Pick<ParsedStatement, "tag" | "node">;
  /** the whole text, which the tree's byte offsets count in */
  batch: Pick<ParsedBatch, "sql" | "tokens" | "byteStarts">;
  index: CatalogIndex;
  /** the session's search_path, elements unquoted */
  searchPath: readonly string[];
  /** the upstream role, which `$user` stands for */
  role?: string | undefined;
};

/** Everything a statement refers to; columns and functions rather too many than too few. */
export type References = Omit<Found, "columns" | "missing" | "foreignDatabase"> & {
  /** ids of all columns read or written */
  columns: string[];
  /** what the outermost statement returns, as far as it is known */
  output: Output;
  refusal?: SqlRefusal;
};

const nowhere: Env = { scope: null, ctes: null };

/**
 * Resolves every name of a statement as PostgreSQL would with this search path (parse_relation.c, parse_clause.c,
 * parse_cte.c). A relation that does not exist is a refusal with 42P01, except in statements that may be making it.
 */
export function resolveReferences(input: ResolveInput): References {
  const resolution = newResolution(input);
  const output = utilityOutput(resolution, input.statement.tag, input.statement.node, nowhere);
  const { columns, missing, foreignDatabase, ...found } = resolution.found;
  const references: References = { ...found, columns: [...columns], output };
  if (foreignDatabase !== null) {
    references.refusal = {
      sqlstate: "0A000",
      message: `cross-database references are not implemented: "${foreignDatabase.name}"`,
      hint: "Name the relation by schema and name only.",
      position: positionAt(input.batch, foreignDatabase.byteStart),
    };
  } else if (missing !== null) {
    references.refusal = {
      sqlstate: "42P01",
      message: `relation "${missing.name}" does not exist`,
      hint: "Check the name and the search_path.",
      position: positionAt(input.batch, missing.byteStart),
    };
  }
  return references;
}

/** 1-based character position of the token at a byte offset. */
export function positionAt(batch: ResolveInput["batch"], byte: number): number {
  const token = firstTokenFrom(batch.byteStarts, byte);
  const offset = token < batch.byteStarts.length ? tokenStart(batch.tokens, token) : batch.sql.length;
  return positionOf(batch.sql, offset);
}

/** A resolution that has seen nothing yet; lineage resolves expressions of its own with it. */
export function newResolution(input: Omit<ResolveInput, "statement" | "batch">): Resolution {
  const resolution: Resolution = {
    index: input.index,
    searchPath: input.searchPath,
    role: input.role,
    found: emptyFound(),
    seen: new Set(),
    statement: (tag, fields, env) => statementOutput(resolution, tag, fields, env),
    expression: (value, env) => expressionOrigin(resolution, value, env),
  };
  return resolution;
}

function statementOutput(resolution: Resolution, tag: string, fields: Tree, env: Env): Output {
  switch (tag) {
    case "SelectStmt":
      return selectOutput(resolution, fields, env);
    case "InsertStmt":
      return insertOutput(resolution, fields, env);
    case "UpdateStmt":
      return updateOutput(resolution, fields, env);
    case "DeleteStmt":
      return deleteOutput(resolution, fields, env);
    case "MergeStmt":
      return mergeOutput(resolution, fields, env);
    default:
      resolution.found.unknownKinds.add(tag);
      return { columns: [], open: true };
  }
}

/** Statements that hold another one, or name relations without a FROM. */
function utilityOutput(resolution: Resolution, tag: string, fields: Tree, env: Env): Output {
  const unknown: Output = { columns: [], open: true };
  switch (tag) {
    case "SelectStmt":
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "MergeStmt":
      return statementOutput(resolution, tag, fields, env);
    case "ExplainStmt":
    case "DeclareCursorStmt":
    case "PrepareStmt":
    case "CreateTableAsStmt":
    case "ViewStmt": {
      const inner = unwrap(fields.query);
      if (inner !== undefined) utilityOutput(resolution, inner.tag, inner.fields, env);
      const { query: _query, ...rest } = fields;
      named(resolution, rest, env);
      return unknown;
    }
    case "CopyStmt":
      return copyOutput(resolution, fields, env);
    case "TruncateStmt":
    case "LockStmt":
      for (const element of listOf(fields.relations)) {
        const node = fieldsOf(element, "RangeVar");
        if (node === undefined) continue;
        const relation = referRelation(resolution, {
          node,
          role: tag === "LockStmt" ? "locked" : "target",
          alias: null,
        });
        if (tag === "TruncateStmt" && relation !== undefined && !("system" in relation)) touchAll(resolution, relation);
      }
      return unknown;
    default:
      named(resolution, fields, env);
      return unknown;
  }
}

function copyOutput(resolution: Resolution, fields: Tree, env: Env): Output {
  const unknown: Output = { columns: [], open: true };
  const query = unwrap(fields.query);
  if (query !== undefined) return resolution.statement(query.tag, query.fields, env);
  if (!isTree(fields.relation)) return unknown;
  const role = fields.is_from === true ? "target" : "source";
  const relation = referRelation(resolution, { node: fields.relation, role, alias: null });
  if (relation === undefined || "system" in relation) return unknown;
  touchAll(resolution, relation);
  const listed = listOf(fields.attlist).flatMap((name) => fieldsOf(name, "String")?.sval ?? []);
  if (role === "target") {
    const columns = listed.length > 0 ? listed.map(String) : relation.columns.map((column) => column.name);
    resolution.found.writes.push({ target: relation, columns, values: { columns: new Set(), unknown: false } });
    const { relation: node } = fields;
    const names = namesOf(node as Tree);
    const item = { name: names.name, schema: relation.schema, open: null, relation, system: [], target: true };
    const columnsOf = relation.columns.map((column) => ({
      name: column.name,
      origin: { columns: new Set<string>(), unknown: true },
    }));
    resolution.expression(fields.whereClause, {
      scope: { items: [{ ...item, columns: columnsOf }], parent: null },
      ctes: null,
    });
  }
  return unknown;
}

/** Any other statement: what it mentions, wherever that stands. Names that do not exist may be what it makes. */
function named(resolution: Resolution, value: unknown, env: Env): void {
  if (Array.isArray(value)) {
    for (const item of value) named(resolution, item, env);
    return;
  }
  if (!isTree(value)) return;
  const node = unwrap(value);
  if (node !== undefined && ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"].includes(node.tag)) {
    resolution.statement(node.tag, node.fields, env);
    return;
  }
  if (node !== undefined && ["FuncCall", "A_Expr", "TypeName", "SubLink", "TypeCast"].includes(node.tag)) {
    resolution.expression(value, env);
    return;
  }
  const fields = node?.fields ?? value;
  if (typeof fields.relname === "string" && "relpersistence" in fields) {
    referRelation(resolution, { node: fields, role: "named", alias: aliasOf(fields).name });
    return;
  }
  if ("names" in fields && "typemod" in fields) resolution.expression({ TypeName: fields }, env);
  for (const key in fields) named(resolution, fields[key], env);
}

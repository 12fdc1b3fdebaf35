import type { ActionName } from "../../types";
import { fieldsOf, isTree, listOf, strings, type Tree, unwrap } from "../../walk";
import {
  ask,
  type Classification,
  databaseResource,
  qualified,
  rangeVarResource,
  type StatementRule,
  schemaResource,
  targetSchema,
} from "../classification";

/** Kinds whose name is a RangeVar in this field. */
const byRangeVar: Record<string, string> = {
  CompositeTypeStmt: "typevar",
  CreateSeqStmt: "sequence",
};

/** Kinds whose name is a list of parts in this field. */
const byNameList: Record<string, string> = {
  CreateConversionStmt: "conversion_name",
  CreateDomainStmt: "domainname",
  CreateEnumStmt: "typeName",
  CreateFunctionStmt: "funcname",
  CreateOpClassStmt: "opclassname",
  CreateOpFamilyStmt: "opfamilyname",
  CreateRangeStmt: "typeName",
  CreateStatsStmt: "defnames",
  DefineStmt: "defnames",
};

/** Kinds that belong to the database as a whole. */
const inDatabase = [
  "CreateAmStmt",
  "CreateCastStmt",
  "CreateEventTrigStmt",
  "CreateExtensionStmt",
  "CreateFdwStmt",
  "CreateForeignServerStmt",
  "CreatePLangStmt",
  "CreatePublicationStmt",
  "CreateSubscriptionStmt",
  "CreateTableSpaceStmt",
  "CreateTransformStmt",
  "CreatedbStmt",
];

export const createRules: Record<string, StatementRule> = {
  CreateStmt: (c, fields) => createTable(c, fields),
  CreateForeignTableStmt: (c, fields) => createTable(c, isTree(fields.base) ? fields.base : {}),
  CreateSchemaStmt: (c, fields) => {
    created(c, "create");
    ask(c, "create", databaseResource(c));
    const schema = typeof fields.schemaname === "string" ? fields.schemaname : undefined;
    for (const element of listOf(fields.schemaElts)) elementOfSchema(c, element, schema);
  },
  ImportForeignSchemaStmt: (c, fields) => {
    created(c, "create");
    ask(c, "create", schemaResource(c, typeof fields.local_schema === "string" ? fields.local_schema : undefined));
  },
  IndexStmt: (c, fields) => {
    created(c, "index");
    if (isTree(fields.relation)) ask(c, "index", rangeVarResource(c, fields.relation));
  },
  CreateTrigStmt: onTable("relation"),
  RuleStmt: onTable("relation"),
  ...Object.fromEntries(Object.entries(byRangeVar).map(([tag, field]) => [tag, makeInSchema(field)])),
  ...Object.fromEntries(Object.entries(byNameList).map(([tag, field]) => [tag, makeNamed(field)])),
  ...Object.fromEntries(inDatabase.map((tag) => [tag, makeInDatabase])),
};

function created(c: Classification, kind: ActionName): void {
  c.kind = kind;
  c.changesCatalog = true;
}

/** Parents, partitioned tables and referenced tables change too: they get children, or triggers that check keys. */
function createTable(c: Classification, fields: Tree): void {
  created(c, "create");
  if (isTree(fields.relation)) ask(c, "create", targetSchema(c, fields.relation));
  for (const parent of listOf(fields.inhRelations)) {
    const range = fieldsOf(parent, "RangeVar");
    if (range !== undefined) ask(c, "alter", rangeVarResource(c, range));
  }
  for (const element of listOf(fields.tableElts)) {
    const column = fieldsOf(element, "ColumnDef");
    for (const one of [element, ...listOf(column?.constraints)]) {
      const referenced = fieldsOf(one, "Constraint")?.pktable;
      if (isTree(referenced)) ask(c, "alter", rangeVarResource(c, referenced));
    }
  }
}

/** CREATE SCHEMA … with its elements: each is a statement of its own whose names default to the new schema. */
function elementOfSchema(c: Classification, element: unknown, schema: string | undefined): void {
  const node = unwrap(element);
  if (node === undefined) return;
  const rule = createRules[node.tag];
  if (rule !== undefined) rule({ ...c, newSchema: schema }, node.fields);
  else ask(c, "create", schemaResource(c, schema));
  c.kind = "create";
}

function makeInSchema(field: string): StatementRule {
  return (c, fields) => {
    created(c, "create");
    const range = fields[field];
    if (isTree(range)) ask(c, "create", targetSchema(c, range));
  };
}

function makeNamed(field: string): StatementRule {
  return (c, fields) => {
    created(c, "create");
    ask(c, "create", schemaResource(c, qualified(strings(fields[field])).schema));
  };
}

function onTable(field: string): StatementRule {
  return (c, fields) => {
    created(c, "create");
    const range = fields[field];
    if (isTree(range)) ask(c, "create", rangeVarResource(c, range));
  };
}

function makeInDatabase(c: Classification): void {
  created(c, "create");
  ask(c, "create", databaseResource(c));
}

import type { ActionName } from "../../types";
import { fieldsOf, isTree, listOf, strings, type Tree } from "../../walk";
import {
  ask,
  type Classification,
  databaseResource,
  noWhere,
  qualified,
  rangeVarResource,
  type StatementRule,
  schemaResource,
} from "../classification";
import { namesOfObject, objectResources } from "../objects";
import { askContents } from "../schema-contents";

/** Kinds whose name is a list of parts, in a schema. */
const inSchema: Record<string, string> = {
  AlterCollationStmt: "collname",
  AlterDomainStmt: "typeName",
  AlterEnumStmt: "typeName",
  AlterOpFamilyStmt: "opfamilyname",
  AlterStatsStmt: "defnames",
  AlterTSConfigurationStmt: "cfgname",
  AlterTSDictionaryStmt: "dictname",
  AlterTypeStmt: "typeName",
};

const inDatabase = [
  "AlterDatabaseRefreshCollStmt",
  "AlterDatabaseSetStmt",
  "AlterDatabaseStmt",
  "AlterEventTrigStmt",
  "AlterExtensionContentsStmt",
  "AlterExtensionStmt",
  "AlterFdwStmt",
  "AlterForeignServerStmt",
  "AlterPublicationStmt",
  "AlterSubscriptionStmt",
  "AlterSystemStmt",
  "AlterTableMoveAllStmt",
  "AlterTableSpaceOptionsStmt",
];

export const alterRules: Record<string, StatementRule> = {
  AlterTableStmt: alterTable,
  AlterSeqStmt: (c, fields) => {
    changed(c, "alter");
    if (isTree(fields.sequence)) ask(c, "alter", rangeVarResource(c, fields.sequence));
  },
  AlterFunctionStmt: onObject("alter", { kind: "objtype", object: "func" }),
  AlterOperatorStmt: (c, fields) => {
    changed(c, "alter");
    ask(c, "alter", schemaResource(c, qualified(operatorNames(fields.opername)).schema));
  },
  RenameStmt: onObject("alter", { kind: "renameType", object: "object" }),
  AlterOwnerStmt: onObject("alter", { kind: "objectType", object: "object" }),
  AlterObjectSchemaStmt: (c, fields) => {
    onObject("alter", { kind: "objectType", object: "object" })(c, fields);
    if (typeof fields.newschema === "string") ask(c, "create", schemaResource(c, fields.newschema));
  },
  AlterObjectDependsStmt: onObject("alter", { kind: "objectType", object: "object" }),
  CommentStmt: (c, fields) => {
    onObject("comment", { kind: "objtype", object: "object" })(c, fields);
    c.changesCatalog = false;
  },
  RefreshMatViewStmt: (c, fields) => {
    c.kind = "refresh";
    if (isTree(fields.relation)) ask(c, "refresh", rangeVarResource(c, fields.relation));
  },
  TruncateStmt: (c, fields) => {
    c.kind = "truncate";
    for (const entry of listOf(fields.relations)) {
      const range = fieldsOf(entry, "RangeVar");
      if (range === undefined) continue;
      ask(c, "truncate", rangeVarResource(c, range));
      ask(c, "delete", rangeVarResource(c, range), noWhere);
    }
  },
  DropStmt: drop,
  ...Object.fromEntries(
    ["DropdbStmt", "DropTableSpaceStmt", "DropSubscriptionStmt"].map((tag) => [tag, dropInDatabase]),
  ),
  ...Object.fromEntries(Object.entries(inSchema).map(([tag, field]) => [tag, alterNamed(field)])),
  ...Object.fromEntries(inDatabase.map((tag) => [tag, alterDatabase])),
};

function changed(c: Classification, kind: ActionName): void {
  c.kind = kind;
  c.changesCatalog = true;
}

/** Row security decides who sees what, so turning it on or off is `security` besides. */
function alterTable(c: Classification, fields: Tree): void {
  changed(c, "alter");
  const kind = String(fields.objtype);
  for (const resource of objectResources(c, kind, undefined, fields.relation)) ask(c, "alter", resource);
  for (const entry of listOf(fields.cmds)) {
    const command = fieldsOf(entry, "AlterTableCmd") ?? {};
    if (/RowSecurity/.test(String(command.subtype)) && isTree(fields.relation)) {
      ask(c, "security", rangeVarResource(c, fields.relation));
    }
    for (const other of otherRelations(command.def)) ask(c, "alter", rangeVarResource(c, other));
  }
}

/** Partitions, parents and referenced tables that an ALTER TABLE command names. */
function otherRelations(definition: unknown): Tree[] {
  const range = fieldsOf(definition, "RangeVar");
  const partition = fieldsOf(definition, "PartitionCmd")?.name;
  const constraints = [definition, ...listOf(fieldsOf(definition, "ColumnDef")?.constraints)];
  const referenced = constraints.map((one) => fieldsOf(one, "Constraint")?.pktable);
  return [range, partition, ...referenced].filter(isTree);
}

function operatorNames(value: unknown): string[] {
  return isTree(value) && "objname" in value ? strings(value.objname) : namesOfObject(value);
}

/** ALTER and COMMENT over any kind of object; functions come without their wrapper in ALTER FUNCTION. */
function onObject(action: ActionName, at: { kind: string; object: string }): StatementRule {
  return (c, fields) => {
    changed(c, action);
    const object = fields[at.object];
    const wrapped = isTree(object) && "objname" in object ? { ObjectWithArgs: object } : object;
    const kind = String(fields[at.kind]);
    const onRelation = kind === "OBJECT_COLUMN" || kind === "OBJECT_TABCONSTRAINT" ? "OBJECT_TABLE" : kind;
    const schema = kind === "OBJECT_SCHEMA" && object === undefined ? { String: { sval: fields.subname } } : wrapped;
    const resources = isTree(fields.relation)
      ? objectResources(c, onRelation, undefined, fields.relation)
      : objectResources(c, kind, schema);
    for (const resource of resources) ask(c, action, resource);
    // A schema's new name or owner takes everything in it out of the reach of policies that name it.
    if (kind === "OBJECT_SCHEMA" && action === "alter") askContents(c, action, namesOfObject(schema).at(-1));
  };
}

function drop(c: Classification, fields: Tree): void {
  changed(c, "drop");
  const kind = String(fields.removeType);
  if (kind === "OBJECT_POLICY") c.kind = "security";
  for (const object of listOf(fields.objects)) {
    if (kind === "OBJECT_SCHEMA") ask(c, "drop", databaseResource(c));
    for (const resource of objectResources(c, kind, object)) {
      ask(c, kind === "OBJECT_POLICY" ? "security" : "drop", resource);
    }
    if (kind === "OBJECT_SCHEMA" && fields.behavior === "DROP_CASCADE") {
      askContents(c, "drop", namesOfObject(object).at(-1));
    }
  }
}

function dropInDatabase(c: Classification): void {
  changed(c, "drop");
  ask(c, "drop", databaseResource(c));
}

function alterNamed(field: string): StatementRule {
  return (c, fields) => {
    changed(c, "alter");
    ask(c, "alter", schemaResource(c, qualified(strings(fields[field])).schema));
  };
}

function alterDatabase(c: Classification): void {
  changed(c, "alter");
  ask(c, "alter", databaseResource(c));
}

import type { Resource } from "../types";
import { fieldsOf, isTree, listOf, strings, type Tree, unwrap } from "../walk";
import {
  databaseResource,
  functionResources,
  type Names,
  qualified,
  rangeVarResource,
  schemaResource,
  tableResource,
} from "./classification";

/** Kinds of object that are relations to policies. Indexes are not: they stand in the schema that holds them. */
const relations = new Set(["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE", "OBJECT_SEQUENCE"]);
const functions = new Set(["OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"]);
/** Objects of a relation: the last name is theirs. */
const partsOfRelations = new Set([
  "OBJECT_COLUMN",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TRIGGER",
]);
const inSchemas = new Set([
  "OBJECT_ATTRIBUTE",
  "OBJECT_COLLATION",
  "OBJECT_CONVERSION",
  "OBJECT_DOMAIN",
  "OBJECT_DOMCONSTRAINT",
  "OBJECT_INDEX",
  "OBJECT_OPCLASS",
  "OBJECT_OPERATOR",
  "OBJECT_OPFAMILY",
  "OBJECT_STATISTIC_EXT",
  "OBJECT_TSCONFIGURATION",
  "OBJECT_TSDICTIONARY",
  "OBJECT_TSPARSER",
  "OBJECT_TSTEMPLATE",
  "OBJECT_TYPE",
]);

/**
 * What policies are asked about when a statement names an object, as DROP, COMMENT, GRANT and the ALTER … RENAME,
 * OWNER and SCHEMA family do: `object` is the grammar's way to name it, `relation` stands where it is a RangeVar.
 * Objects of the database as a whole, and kinds that are not known here, are the Database.
 */
export function objectResources(names: Names, kind: string, object: unknown, relation?: unknown): Resource[] {
  if (isTree(relation) && (relations.has(kind) || partsOfRelations.has(kind)))
    return [rangeVarResource(names, relation)];
  if (isTree(relation)) return [rangeVarSchema(names, relation)];
  const range = fieldsOf(object, "RangeVar");
  if (range !== undefined) return [relations.has(kind) ? rangeVarResource(names, range) : rangeVarSchema(names, range)];
  const parts = namesOfObject(object);
  if (kind === "OBJECT_SCHEMA") return [schemaResource(names, parts.at(-1))];
  if (relations.has(kind)) {
    const { schema, name } = qualified(parts);
    return [tableResource(names, schema, name)];
  }
  if (partsOfRelations.has(kind)) {
    const { schema, name } = qualified(parts.slice(0, -1));
    return [tableResource(names, schema, name)];
  }
  if (functions.has(kind)) {
    const { schema, name } = qualified(parts);
    return functionResources(names, schema, name);
  }
  if (!inSchemas.has(kind)) return [databaseResource(names)];
  // An operator class is named behind its access method, a domain's constraint behind its domain.
  const own = /^OBJECT_OP(CLASS|FAMILY)$/.test(kind)
    ? parts.slice(1)
    : kind.endsWith("CONSTRAINT")
      ? parts.slice(0, -1)
      : parts;
  return [schemaResource(names, qualified(own).schema)];
}

function rangeVarSchema(names: Names, relation: Tree): Resource {
  return schemaResource(names, typeof relation.schemaname === "string" ? relation.schemaname : undefined);
}

/** The parts of a name, whatever the grammar wraps them in. */
export function namesOfObject(object: unknown): string[] {
  const node = unwrap(object);
  switch (node?.tag) {
    case "List":
      return listOf(node.fields.items).flatMap(namesOfObject);
    case "ObjectWithArgs":
      return strings(node.fields.objname);
    case "TypeName":
      return strings(node.fields.names);
    case "String":
      return strings([object]);
    default:
      return [];
  }
}

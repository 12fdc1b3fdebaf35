import type { CatalogIndex } from "./catalog-index";
import { functionClass } from "./functions";
import type { ParsedBatch } from "./parse";
import type { References } from "./resolve";
import type { FunctionUse } from "./resolve-context";
import { unsupported, unsupportedAt } from "./substitute-refusal";
import { systemRelation } from "./system-relations";
import type { SqlRefusal } from "./types";
import { fieldsOf, isTree, listOf } from "./walk";

/** Settings that the broker keeps; one of them is the key of `token` masks. */
const brokerSettings = "countersign.";

/** Functions, operators, types and system relations that could show what the masks hide. */
export function refuseNames(batch: ParsedBatch, index: CatalogIndex, references: References): SqlRefusal | undefined {
  for (const use of references.functions) {
    const refusal = refuseFunction(use);
    if (refusal !== undefined) return unsupportedAt(batch, use.byteStart, refusal);
  }
  for (const use of references.operators) {
    if (use.schema === "pg_catalog" || (use.schema === null && !index.hasOperator(use.name))) continue;
    if (use.schema !== null && !index.hasOperator(use.name)) continue;
    return unsupported(
      `operator ${use.name} is not available while columns are masked`,
      "Write OPERATOR(pg_catalog.…) for a built-in operator of this name; operators defined in this database can run any code.",
    );
  }
  for (const use of references.types) {
    const opaque = index.typesNamed(use.name).some((type) => type.opaque === true);
    if (!opaque) continue;
    return unsupported(
      `type ${use.name} is not available while columns are masked`,
      "Casts to this type can run functions defined in this database; cast to a built-in type instead.",
    );
  }
  return refuseSystemRelations(batch, references) ?? refuseKinds(references);
}

function refuseFunction(use: FunctionUse): SqlRefusal | undefined {
  if (use.schema === "information_schema" && use.name.startsWith("_pg_")) return undefined;
  // Connection pools send it to clean up; letting go shows nothing.
  const inCatalog = use.node !== null && (use.schema === null || use.schema === "pg_catalog");
  if (use.name === "pg_advisory_unlock_all" && inCatalog) return undefined;
  const known = inCatalog ? functionClass(use.name) : "unknown";
  if (known === "pure" || known === "info") return undefined;
  if (use.name === "current_setting" && known === "setting" && readsHarmlessSetting(use)) return undefined;
  const name = use.schema === null ? use.name : `${use.schema}.${use.name}`;
  return unsupported(
    `function ${name} is not available while columns are masked`,
    "Only built-in functions without side effects pass; select the columns and compute in the client.",
  );
}

/** Only a name that stands in the text can be checked. */
function readsHarmlessSetting(use: FunctionUse): boolean {
  const constant = fieldsOf(listOf(use.node?.args)[0], "A_Const")?.sval;
  const name = isTree(constant) && typeof constant.sval === "string" ? constant.sval.trim().toLowerCase() : undefined;
  return name !== undefined && name !== "all" && !name.startsWith(brokerSettings);
}

export function isBrokerSetting(name: string): boolean {
  return name.trim().toLowerCase().startsWith(brokerSettings);
}

function refuseSystemRelations(batch: ParsedBatch, references: References): SqlRefusal | undefined {
  for (const use of references.systemRelations) {
    if (systemRelation(use.schema, use.name).access === "harmless") continue;
    const refusal = unsupported(
      `relation ${use.schema}.${use.name} is not available while columns are masked`,
      "It can show values, statistics or statements of others; read the relations themselves.",
    );
    return unsupportedAt(batch, use.byteStart, refusal);
  }
  const sensitive = references.sensitiveColumns[0];
  if (sensitive === undefined) return undefined;
  const { schema, name, column } = sensitive;
  return unsupported(
    column === null
      ? `whole rows of ${schema}.${name} are not available while columns are masked`
      : `column ${column} of ${schema}.${name} is not available while columns are masked`,
    "Name the columns you need; those with source text, settings or values are left out.",
  );
}

function refuseKinds(references: References): SqlRefusal | undefined {
  const [kind] = references.unknownKinds;
  if (kind === undefined) return undefined;
  const construct = kind === "CurrentOfExpr" ? "WHERE CURRENT OF" : kind;
  return unsupported(`${construct} is not supported while columns are masked`, "Write the statement without it.");
}

import type { RelationMasks } from "@/lib/masking/types";
import type { CatalogRelation } from "./catalog";
import { type CatalogIndex, columnId } from "./catalog-index";
import { parseDottedId } from "./names";
import type { References } from "./resolve";
import type { WriteUse } from "./resolve-context";
import { unsupported } from "./substitute-refusal";
import type { SqlRefusal } from "./types";

export type WriteCheck = {
  index: CatalogIndex;
  references: References;
  masksFor(oid: number): RelationMasks | undefined;
};

/**
 * The written relation cannot be masked by substitution: what a statement would learn of its masked columns, or
 * destroy in others, is refused.
 */
export function refuseWrites(check: WriteCheck): SqlRefusal | undefined {
  const targets = new Set(check.references.relations.filter((use) => use.role === "target").map((use) => use.relation));
  for (const target of targets) {
    const refusal = refuseTarget(check, target);
    if (refusal !== undefined) return refusal;
  }
  for (const write of check.references.writes) {
    const refusal = refuseTestingWrite(check, write) ?? refuseWriteBack(check, write);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refuseTarget({ index, references, masksFor }: WriteCheck, target: CatalogRelation): SqlRefusal | undefined {
  if (target.kind === "v" || target.hasRules) {
    return unsupported(
      `writing through ${target.kind === "v" ? "the view" : "the rules of"} ${target.name} is not supported while columns are masked`,
      "Write to the table itself.",
    );
  }
  const masks = masksFor(target.oid);
  if (masks === undefined) return undefined;
  for (const name of masks.keys()) {
    if (!references.targetReads.has(columnId(index.databaseName, target, name))) continue;
    return unsupported(
      `the statement reads masked column ${name} of ${target.name}, which it writes to`,
      "Leave masked columns out of WHERE, SET, ON CONFLICT, MERGE conditions and RETURNING; name the columns to return.",
    );
  }
  return undefined;
}

/** Whether a chosen value is taken or collides says what others hold. */
function refuseTestingWrite({ masksFor }: WriteCheck, write: WriteUse): SqlRefusal | undefined {
  const masks = masksFor(write.target.oid);
  if (masks === undefined) return undefined;
  for (const column of write.target.columns) {
    const written = write.columns === null || write.columns.includes(column.name);
    if (!written || !masks.has(column.name) || !write.target.unique.includes(column.number)) continue;
    return unsupported(
      `writing masked column ${column.name} of ${write.target.name} would test its values`,
      "It stands under a unique, exclusion or foreign key constraint; leave the column out.",
    );
  }
  return undefined;
}

/** A mask written over real values would destroy them. */
function refuseWriteBack({ index, references, masksFor }: WriteCheck, write: WriteUse): SqlRefusal | undefined {
  const hint = "Leave masked columns out of the values that are written.";
  for (const id of write.values.columns) {
    const [, schema, name, column] = parseDottedId(id) ?? [];
    const source = index.relation(schema ?? "", name ?? "");
    if (source !== undefined && column !== undefined && masksFor(source.oid)?.has(column) !== true) continue;
    return unsupported(`masked column ${column ?? id} would be written into ${write.target.name}`, hint);
  }
  const readsMasked = references.relations.some((use) => use.role !== "target" && masksFor(use.oid) !== undefined);
  if (!write.values.unknown || !readsMasked) return undefined;
  return unsupported(`values that may come from masked columns would be written into ${write.target.name}`, hint);
}

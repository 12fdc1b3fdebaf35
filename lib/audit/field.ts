import { z } from "zod";

/**
 * What a field of an audit event may carry.
 * - `personal`: names or describes a person; erasable from exports.
 * - `secret`: free text or SQL in which a client may have put something confidential.
 * - `none`: identifiers, times, counts and enumerations of ours.
 */
export type FieldMark = "personal" | "secret" | "none";

const marks = z.registry<{ mark: FieldMark }>();

function mark<T extends z.ZodType>(schema: T, value: FieldMark): T {
  marks.add(schema, { mark: value });
  return schema;
}

/** Marks must be outermost: `personal(z.email().optional())`, because every wrapper is a schema of its own. */
export const personal = <T extends z.ZodType>(schema: T): T => mark(schema, "personal");
export const secret = <T extends z.ZodType>(schema: T): T => mark(schema, "secret");
export const none = <T extends z.ZodType>(schema: T): T => mark(schema, "none");

/** The mark of one field's schema; undefined where the author forgot it. Nested fields share the mark of the field. */
export function markOf(schema: z.ZodType): FieldMark | undefined {
  return marks.get(schema)?.mark;
}

/** Milliseconds, UTC: `2026-01-31T12:00:00.000Z`. The exact width makes text order equal time order. */
export const isoMillis = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** `person/EMAIL`, `agent/NAME` or `system/PART` (the broker, a worker, the command line before anyone is known). */
export const actorName = z.string().regex(/^(person|agent|system)\/.+$/s);

/** Fields that every event has, followed by those of its kind. */
export function event<K extends string, S extends z.core.$ZodLooseShape>(kind: K, shape: S) {
  return z.strictObject({
    id: none(z.uuid()),
    kind: none(z.literal(kind)),
    at: none(isoMillis),
    actor: personal(actorName),
    ...shape,
  });
}

const count = z.number().int().nonnegative();
/** Fresh schema per field, so that each carries its own mark. */
export const countField = () => none(count.clone());
export const textField = () => none(z.string());
export const listField = () => none(z.array(z.string()));

import { z } from "zod";
import * as approval from "./approval-event";
import * as change from "./change-event";
import * as statement from "./statement-event";

const kinds = [
  ...Object.values(statement),
  ...Object.values(approval),
  ...Object.values(change),
] as const satisfies readonly z.ZodObject[];

type EventSchemas =
  | (typeof statement)[keyof typeof statement]
  | (typeof approval)[keyof typeof approval]
  | (typeof change)[keyof typeof change];

/** One record of the log, told apart by `kind`. Times are ISO 8601 in UTC with milliseconds. */
export type AuditEvent = z.infer<EventSchemas>;
export type AuditKind = AuditEvent["kind"];
export type AuditEventOf<K extends AuditKind> = Extract<AuditEvent, { kind: K }>;

type WithoutStamp<E> = E extends AuditEvent ? Omit<E, "id" | "at"> & { id?: string; at?: string } : never;

/** An event as its author writes it: id and time are filled in by who appends it. */
export type AuditEventInput = WithoutStamp<AuditEvent>;

/** Refuses unknown kinds and unknown fields: a field that nobody marked cannot enter the log. */
export const auditEventSchema: z.ZodType<AuditEvent> = z.discriminatedUnion(
  "kind",
  kinds as unknown as [EventSchemas, ...EventSchemas[]],
) as unknown as z.ZodType<AuditEvent>;

/** Schemas by kind, for tests, exports and forms. */
export const auditEventSchemas: ReadonlyMap<AuditKind, z.ZodObject> = new Map(
  kinds.map((schema) => [schema.shape.kind.value, schema]),
);

export const auditKinds: readonly AuditKind[] = [...auditEventSchemas.keys()];

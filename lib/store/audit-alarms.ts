import type pg from "pg";
import type { AuditEventInput, AuditEventOf } from "@/lib/audit/event";
import { auditEventSchema } from "@/lib/audit/event";
import { leafOf } from "@/lib/audit/leaf";
import { newEventId } from "./audit";

export type AlarmName = AuditEventOf<"alarm.raised">["alarm"];
export type Alarm = { actor: string; alarm: AlarmName; subject: string; message: string; brokerId?: string };

/**
 * Records an alarm unless the same one is open for the same subject. Returns whether it was recorded.
 * Alarms that follow each other faster than the sequencer works may be recorded twice.
 */
export async function raiseAlarm(sql: Pick<pg.ClientBase, "query">, alarm: Alarm): Promise<boolean> {
  if (await isOpen(sql, alarm)) return false;
  await insert(sql, { kind: "alarm.raised", ...alarm });
  return true;
}

/** Records that an open alarm is over. Returns whether there was one. */
export async function clearAlarm(sql: Pick<pg.ClientBase, "query">, alarm: Omit<Alarm, "message">): Promise<boolean> {
  if (!(await isOpen(sql, alarm))) return false;
  const { actor, alarm: name, subject, brokerId } = alarm;
  await insert(sql, {
    kind: "alarm.cleared",
    actor,
    alarm: name,
    subject,
    ...(brokerId === undefined ? {} : { brokerId }),
  });
  return true;
}

async function isOpen(sql: Pick<pg.ClientBase, "query">, { alarm, subject }: Omit<Alarm, "message">): Promise<boolean> {
  // Leaves are canonical JSON, in which a quote inside of text is always escaped: these match fields only. Alarms are
  // few, and the index on (kind, position) finds them without touching the rest of the log.
  const { rows } = await sql.query<{ kind: string }>(
    `select kind from (
       select kind, leaf, position, id from audit_event where kind in ('alarm.raised', 'alarm.cleared')
       union all
       select case when strpos(leaf, '"kind":"alarm.raised"') > 0 then 'alarm.raised' else 'alarm.cleared' end,
         leaf, 9223372036854775807, id
       from audit_inbox where strpos(leaf, '"kind":"alarm.') > 0
     ) alarms
     where strpos(leaf, $1) > 0 and strpos(leaf, $2) > 0
     order by position desc, id desc limit 1`,
    [`"alarm":${JSON.stringify(alarm)}`, `"subject":${JSON.stringify(subject)}`],
  );
  return rows[0]?.kind === "alarm.raised";
}

async function insert(sql: Pick<pg.ClientBase, "query">, input: AuditEventInput): Promise<void> {
  const id = newEventId();
  const event = auditEventSchema.parse({ ...input, id, at: new Date().toISOString() });
  await sql.query("insert into audit_inbox (id, leaf) values ($1, $2)", [id, leafOf(event)]);
}

import type { Sql } from "@/lib/db";

type Privileges = "select" | "select, insert" | "select, insert, update" | "select, insert, update, delete";

/**
 * What the application role may do, table by table. INVARIANT: it changes nothing in the record and owns nothing,
 * so whoever holds its password cannot rewrite what happened.
 */
const privilegesByTable: Record<string, Privileges> = {
  snapshot_version: "select, insert, update",
  person: "select, insert, update",
  agent: "select, insert, update",
  principal_group: "select, insert, update, delete",
  group_member: "select, insert, update, delete",
  token: "select, insert, update",
  console_session: "select, insert, update, delete",
  upstream_database: "select, insert, update, delete",
  database_role: "select, insert, update, delete",
  database_catalog: "select, insert, update, delete",
  bundle: "select, insert, update",
  approval: "select, insert, update",
  review: "select, insert",
  delivery: "select, insert, update",
  audit_inbox: "select, insert",
  audit_event: "select",
  audit_statement: "select, insert",
  audit_checkpoint: "select",
  journal_position: "select, insert, update",
  heartbeat: "select, insert, update, delete",
  _prisma_migrations: "select",
};

/** Every table that the application role may reach; a test compares it with the schema. */
export const grantedTables = Object.keys(privilegesByTable);

/**
 * Gives the application role exactly its privileges; idempotent, so it runs after every migration.
 * @param role an existing role, as a quoted identifier
 */
export async function grantApplication(client: Sql, role: string, queueSchema: string): Promise<void> {
  const statements = [
    "revoke create on schema public from public",
    `grant usage on schema public to ${role}`,
    `revoke all on all tables in schema public from ${role}`,
    ...Object.entries(privilegesByTable).map(
      ([table, privileges]) => `grant ${privileges} on public."${table}" to ${role}`,
    ),
    `grant usage, select on all sequences in schema public to ${role}`,
    `grant usage on schema "${queueSchema}" to ${role}`,
    `grant select, insert, update, delete on all tables in schema "${queueSchema}" to ${role}`,
    `grant usage, select on all sequences in schema "${queueSchema}" to ${role}`,
    `grant execute on all functions in schema "${queueSchema}" to ${role}`,
  ];
  for (const statement of statements) await client.query(statement);
}

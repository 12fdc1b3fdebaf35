import { isDeepStrictEqual } from "node:util";
import { db, type Transaction, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { groupIdsOf } from "./group-names";
import { openUrl, sealUrl } from "./key-ring";
import { bumpSnapshot } from "./snapshot";

export type DatabaseSummary = {
  id: string;
  name: string;
  /** host:port/dbname; credentials never leave the store this way */
  address: string;
  labels: Record<string, string>;
  /** groups whose sessions log in to the upstream as a role of their own */
  roleGroups: string[];
  relations: number | null;
  functions: number | null;
  serverVersion: number | null;
  catalogHash: string | null;
  syncedAt: Date | null;
  syncError: string | null;
  createdAt: Date;
};

export type DatabaseRegistration = {
  name: string;
  /** postgres://user:password@host:port/dbname */
  url: string;
  labels?: Record<string, string>;
  /** log-ins of groups; the group must exist */
  roles?: { group: string; url: string }[];
};

const namePattern = /^[a-z][a-z0-9_-]{0,62}$/;
const labelKeyPattern = /^[a-z][a-z0-9_-]{0,62}$/;
const labelValuePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Registers an upstream, or replaces the one of that name: address, credentials, labels and roles become exactly
 * what is given, the catalog is kept until it is read again.
 * @throws AppError("invalid") with one fault per wrong part; faults never repeat the URL
 */
export async function putDatabase(
  registration: DatabaseRegistration,
  by: Actor,
): Promise<{ id: string; replaced: boolean }> {
  const { name, url, labels = {}, roles = [] } = registration;
  const faults = faultsOf(registration);
  if (faults.length > 0) throw new AppError("invalid", faults.join("; "), { faults });
  const address = addressOf(url);
  return withTransaction(async (tx) => {
    // The id takes part in the encryption, so the row must exist before its URL can be sealed.
    const { rows } = await tx.query<{ id: string; replaced: boolean }>(
      `insert into upstream_database (name, url_encrypted, key_id, address) values ($1, '', '', $2)
       on conflict (name) do update set address = excluded.address
       returning id, xmax <> 0 as replaced`,
      [name, address],
    );
    const row = rows[0];
    if (row === undefined) throw new AppError("internal", "the database was not stored");
    const sealed = sealUrl(url, { database: row.id });
    await tx.query("update upstream_database set url_encrypted = $2, key_id = $3, labels = $4 where id = $1", [
      row.id,
      sealed.bytes,
      sealed.keyId,
      JSON.stringify(labels),
    ]);
    await replaceRoles(tx, { databaseId: row.id, roles });
    const kind = row.replaced ? "database.changed" : "database.added";
    await appendAudit(tx, {
      kind,
      ...by,
      database: name,
      address,
      labels,
      roleGroups: roles.map(({ group }) => group),
    });
    await bumpSnapshot(tx);
    return row;
  });
}

/** Changes a database's labels and nothing else. @throws AppError "invalid", "not_found" */
export async function setDatabaseLabels(
  change: { name: string; labels: Record<string, string> },
  by: Actor,
): Promise<void> {
  const faults = labelFaults(change.labels);
  if (faults.length > 0) throw new AppError("invalid", faults.join("; "), { faults });
  await withTransaction(async (tx) => {
    const found = await tx.query<{ address: string; labels: unknown; groups: string[] }>(
      `select address, labels, array(select g.name from database_role r join principal_group g on g.id = r.group_id
         where r.database_id = d.id order by g.name) as groups
       from upstream_database d where name = $1 for update`,
      [change.name],
    );
    const row = found.rows[0];
    if (row === undefined) throw new AppError("not_found", `there is no database named ${change.name}`);
    if (isDeepStrictEqual(row.labels, change.labels)) return;
    await tx.query("update upstream_database set labels = $2 where name = $1", [
      change.name,
      JSON.stringify(change.labels),
    ]);
    const { address, groups } = row;
    const { name: database, labels } = change;
    await appendAudit(tx, { kind: "database.changed", ...by, database, address, labels, roleGroups: groups });
    await bumpSnapshot(tx);
  });
}

/** Removes an upstream with its catalog and roles; its record stays. @throws AppError("not_found") */
export async function removeDatabase(name: string, by: Actor): Promise<void> {
  await withTransaction(async (tx) => {
    const { rowCount } = await tx.query("delete from upstream_database where name = $1", [name]);
    if (rowCount === 0) throw new AppError("not_found", `there is no database named ${name}`);
    await appendAudit(tx, { kind: "database.removed", ...by, database: name });
    await bumpSnapshot(tx);
  });
}

export async function listDatabases(): Promise<DatabaseSummary[]> {
  const { rows } = await db().query<DatabaseSummary>(
    `select d.id, d.name, d.address, d.labels, d.synced_at as "syncedAt", d.sync_error as "syncError",
       d.created_at as "createdAt", c.hash as "catalogHash",
       jsonb_array_length(c.document -> 'relations') as relations,
       jsonb_array_length(c.document -> 'functions') as functions,
       (c.document ->> 'serverVersion')::int as "serverVersion",
       array(select g.name from database_role r join principal_group g on g.id = r.group_id
             where r.database_id = d.id order by g.name) as "roleGroups"
     from upstream_database d left join database_catalog c on c.database_id = d.id order by d.name`,
  );
  return rows;
}

/**
 * The upstream's URL with credentials, for the part that connects to it to read its catalog. Never log it, never
 * send it to a browser. @throws AppError("not_found")
 */
export async function upstreamUrl(name: string): Promise<string> {
  const { rows } = await db().query<{ id: string; url_encrypted: Buffer; key_id: string }>(
    "select id, url_encrypted, key_id from upstream_database where name = $1",
    [name],
  );
  const row = rows[0];
  if (row === undefined) throw new AppError("not_found", `there is no database named ${name}`);
  return openUrl({ keyId: row.key_id, bytes: row.url_encrypted }, { database: row.id });
}

/** host:port/dbname of a URL, for people. */
export function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || "5432"}${pathname}`;
}

async function replaceRoles(
  tx: Transaction,
  { databaseId, roles }: { databaseId: string; roles: { group: string; url: string }[] },
): Promise<void> {
  await tx.query("delete from database_role where database_id = $1", [databaseId]);
  const ids = await groupIdsOf(
    tx,
    roles.map(({ group }) => group),
  );
  for (const { group, url } of roles) {
    const groupId = ids.get(group) ?? "";
    const sealed = sealUrl(url, { database: databaseId, group: groupId });
    await tx.query("insert into database_role (database_id, group_id, url_encrypted, key_id) values ($1, $2, $3, $4)", [
      databaseId,
      groupId,
      sealed.bytes,
      sealed.keyId,
    ]);
  }
}

function faultsOf({ name, url, labels = {}, roles = [] }: DatabaseRegistration): string[] {
  const faults = labelFaults(labels);
  if (!namePattern.test(name)) {
    faults.push("a database's name is lower-case letters, digits, _ and -, at most 63, letter first");
  }
  const fault = urlFault(url);
  if (fault !== null) faults.push(`the URL ${fault}`);
  for (const role of roles) {
    const roleFault = urlFault(role.url);
    if (roleFault !== null) faults.push(`the URL of the role for ${role.group} ${roleFault}`);
  }
  const groups = roles.map(({ group }) => group);
  if (new Set(groups).size !== groups.length) faults.push("a group has two roles");
  return faults;
}

function labelFaults(labels: Record<string, string>): string[] {
  return Object.entries(labels)
    .filter(([key, value]) => !labelKeyPattern.test(key) || !labelValuePattern.test(value))
    .map(([key, value]) => `the label ${key}=${value} is not of the form key=value (letters, digits, . _ -)`);
}

/** What is wrong with an upstream's URL, without repeating it; null where nothing is. */
export function urlFault(url: string): string | null {
  if (!URL.canParse(url)) return "cannot be parsed";
  const { protocol, hostname, pathname, username } = new URL(url);
  if (protocol !== "postgres:" && protocol !== "postgresql:") return "must start with postgres://";
  if (hostname === "") return "names no host";
  if (pathname.length < 2) return "names no database";
  if (username === "") return "names no user";
  return null;
}

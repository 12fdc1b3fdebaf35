import pg from "pg";
import { errorCodeOf, messageOf } from "@/lib/errors";
import { withoutPasswords } from "@/lib/log";

export type ConnectionTrial =
  | {
      ok: true;
      /** server_version_num, e.g. 180004 */
      serverVersion: number;
      databaseName: string;
      login: string;
      superuser: boolean;
      tls: boolean;
      /** relations outside the system schemas that the login may read */
      readable: number;
      durationMs: number;
    }
  | {
      ok: false;
      /** what the server or the network said, word for word, without passwords */
      error: string;
      /** SQLSTATE or the network's code */
      code: string | null;
      advice: string;
    };

const connectMsMax = 5_000;
const statementMsMax = 5_000;

/**
 * Logs in to an upstream, looks at what the login may read, and leaves. Changes nothing and keeps nothing.
 * @param url postgres://user:password@host:port/dbname
 */
export async function tryConnection(url: string): Promise<ConnectionTrial> {
  const began = performance.now();
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: statementMsMax,
    query_timeout: statementMsMax,
    application_name: "countersign connection test",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Omit<Extract<ConnectionTrial, { ok: true }>, "ok" | "durationMs">>(looks);
    const row = rows[0];
    if (row === undefined) throw new Error("the server answered without a row");
    return { ok: true, ...row, durationMs: Math.round(performance.now() - began) };
  } catch (error) {
    const code = errorCodeOf(error) ?? null;
    return { ok: false, error: withoutPasswords(messageOf(error)), code, advice: adviceFor(code, messageOf(error)) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

const looks = `
  SELECT pg_catalog.current_setting('server_version_num')::int4 AS "serverVersion",
    pg_catalog.current_database() AS "databaseName", current_user AS login,
    (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
    coalesce((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()), false) AS tls,
    (SELECT count(*)::int4 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
       AND n.nspname NOT LIKE 'pg\\_%' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
       AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')) AS readable`;

const advices: Record<string, string> = {
  ECONNREFUSED: "Nothing listens at that host and port: check both, and that the server accepts TCP connections.",
  ENOTFOUND: "The host name does not resolve from where the console runs.",
  EAI_AGAIN: "The host name could not be looked up: the name server did not answer.",
  ETIMEDOUT: "The host did not answer: a firewall may drop the connection.",
  EHOSTUNREACH: "There is no route to the host.",
  ECONNRESET: "The server closed the connection at once: it may demand TLS (add ?sslmode=require).",
  "28P01": "The server knows the user but not this password, or does not know the user at all.",
  "28000": "The server's pg_hba.conf does not let this user in from here.",
  "3D000": "The server runs, but has no database of that name.",
  "53300": "The server has no free connection left.",
  "57P03": "The server is starting up or shutting down: try again in a moment.",
};

/** What to look at first, by SQLSTATE or network code. */
function adviceFor(code: string | null, message: string): string {
  const known = code === null ? undefined : advices[code];
  if (known !== undefined) return known;
  if (/timeout/i.test(message)) return "The host did not answer within 5 s: check host, port and firewall.";
  if (/ssl|tls|certificate/i.test(message)) return "Check the sslmode of the URL and the server's certificate.";
  return "Check host, port, user, password and database name of the URL.";
}

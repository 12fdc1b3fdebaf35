import { readSearchPath } from "@/lib/sql/search-path";
import type { Session } from "./session-state";

/**
 * Asks the upstream for path and role where it does not report them (the path before PostgreSQL 18, the role never).
 * Only while nothing is in flight and the transaction has not failed.
 */
export async function followSearchPath(session: Session): Promise<void> {
  const { pipeline, upstream } = session;
  const reply = await pipeline.hidden(namesSql, (bytes) => upstream.send(bytes));
  session.namesKnown = true;
  if ("error" in reply) return;
  const [path, role] = reply.rows[0] ?? [];
  session.searchPath = readSearchPath(path ?? "");
  session.role = role ?? session.role;
  session.baseKey = "";
}

const namesSql = "SELECT pg_catalog.current_setting('search_path'), current_user::pg_catalog.text";

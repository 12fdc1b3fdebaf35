import type { Session } from "./session-state";

/** A search_path as SHOW prints it, as a list: quotes undone, case folded where there were none. */
export function readSearchPath(text: string): string[] {
  const parts: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,"]+?))\s*(?:,|$)/gy;
  for (let match = pattern.exec(text); match !== null && pattern.lastIndex <= text.length; match = pattern.exec(text)) {
    const [all, quoted, plain] = match;
    if (all === "") break;
    const name = quoted === undefined ? (plain ?? "").toLowerCase() : quoted.replaceAll('""', '"');
    if (name !== "") parts.push(name);
    if (pattern.lastIndex >= text.length) break;
  }
  return parts;
}

/**
 * Asks the upstream for path and role where it does not report them (the path before PostgreSQL 18, the role never). In a failed transaction, or with
 * answers under way, the last known one stands: nothing can run there that it would matter to.
 */
export async function followSearchPath(session: Session): Promise<void> {
  const { pipeline, upstream } = session;
  if (!pipeline.idle || pipeline.status === "E") {
    session.namesKnown = true;
    return;
  }
  const reply = await pipeline.hidden(namesSql, (bytes) => upstream.send(bytes));
  session.namesKnown = true;
  if ("error" in reply) return;
  const [path, role] = reply.rows[0] ?? [];
  session.searchPath = readSearchPath(path ?? "");
  session.role = role ?? session.role;
  session.baseKey = "";
}

const namesSql = "SELECT pg_catalog.current_setting('search_path'), current_user::pg_catalog.text";

import { isEnabled, isLive } from "./authenticate";
import type { Broker } from "./broker";
import { closeSession } from "./close-session";
import type { Session } from "./session-state";

/** Ends sessions whose principal, token or database is no longer what it was; called on every change and every second. */
export function endRevoked(broker: Broker): void {
  for (const session of broker.sessions) {
    const why = whyEnded(session);
    if (why !== null) closeSession(session, "revoked", `terminating connection: ${why}`);
  }
}

function whyEnded(session: Session): string | null {
  const { broker } = session;
  const now = broker.now();
  const principal = broker.snapshot.principal(session.principal.name);
  if (principal === undefined || principal.kind !== session.principal.kind) return "the principal no longer exists";
  if (!principal.enabled) return "the principal is disabled";
  if (!isEnabled(principal, now)) return "the principal has expired";
  const token = principal.tokens.find(({ id }) => id === session.token.id);
  if (token !== undefined ? !isLive(token, now) : !isLive(session.token, now)) return "the token has expired";
  if (token === undefined) return "the token was revoked";
  const database = broker.snapshot.database(session.database.name);
  if (database === undefined) return "the database is no longer registered";
  if (principal !== session.principal || database !== session.database) {
    if (upstreamOf(session.database, session.principal.groups) !== upstreamOf(database, principal.groups)) {
      return "the upstream login of this session has changed";
    }
    session.principal = principal;
    session.database = database;
    session.leaf = null;
  }
  session.baseKey = "";
  return null;
}

function upstreamOf(database: Session["database"], groups: string[]): string {
  return database.roles.find(({ group }) => groups.includes(group))?.url ?? database.url;
}

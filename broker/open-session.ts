import { randomUUID } from "node:crypto";

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { tokenKeySetting } from "@/lib/masking/expression";
import { readSearchPath } from "@/lib/sql/search-path";
import type { Authenticated } from "./authenticate";
import type { Broker } from "./broker";
import type { CancelKey } from "./cancel-keys";
import { ClientLink } from "./client-link";
import { leafOfSession } from "./entry";
import { actorOf, principalOf, timeFacts } from "./facts";
import type { Inbound } from "./inbound";
import { Pipeline } from "./pipeline";
import { FrameReader } from "./protocol/frames";
import { sqlstate } from "./protocol/sqlstate";
import type { Session } from "./session-state";
import type { StartupSettings } from "./startup-settings";
import { openUpstream, type Upstream } from "./upstream";
import { upstreamEvents } from "./upstream-events";
import { UpstreamLink } from "./upstream-link";
import { readUpstreamUrl } from "./upstream-url";

type Settings = Extract<StartupSettings, { ok: true }>;
export type OpenOptions = {
  inbound: Inbound;
  settings: Settings;
  authenticated: Authenticated;
  tls: boolean;
  address: string;
  register(session: () => Session): CancelKey & { forget: () => void };
};
export type OpenRefused = {
  sqlstate: string;
  message: string;
  detail?: string;
  cause: "not-permitted" | "upstream-unreachable" | "stale" | "journal";
};
export type Opened = { session: Session; key: CancelKey };

/** A message of the regular phase. */
const messageBytesMax = 256 * 1024 * 1024;

/** Asks `connect`, logs in to the upstream with the principal's role, and makes the session. */
export async function openSession(broker: Broker, options: OpenOptions): Promise<Opened | OpenRefused> {
  const refused = await mayConnect(broker, options);
  if (refused !== null) return refused;
  const { settings, authenticated, tls } = options;
  const { principal, token } = authenticated;
  const database = broker.snapshot.database(settings.database)!;
  const mapped = database.roles.find(({ group }) => principal.groups.includes(group));
  let upstream: Awaited<ReturnType<typeof openUpstream>>;
  try {
    const url = readUpstreamUrl(mapped?.url ?? database.url);
    upstream = await openUpstream(url, [...settings.upstream, [tokenKeySetting, broker.tokenKey(database.name)]]);
  } catch (error) {
    upstream = { failed: error instanceof Error ? error.message : String(error), sqlstate: sqlstate.connectionFailure };
  }
  if ("failed" in upstream) {
    const message = `the upstream database "${database.name}" cannot be reached: ${upstream.failed}`;
    return { sqlstate: sqlstate.connectionFailure, message, cause: "upstream-unreachable" };
  }
  const session = makeSession(broker, options, upstream);
  try {
    broker.journal.append({
      kind: "session.opened",
      ...leafOfSession(session).fields,
      tls,
      tokenId: token.id,
      ...(mapped === undefined ? {} : { upstreamRole: session.role }),
      snapshotVersion: broker.snapshot.version,
    });
    await broker.journal.commit();
  } catch {
    upstream.socket.destroy();
    return { sqlstate: sqlstate.cannotDecide, message: "the broker's journal cannot be written", cause: "journal" };
  }
  broker
    .touchToken(token.id)
    .catch((error) => log("broker").warn({ error: messageOf(error) }, "the use of a token was not noted"));
  const cancel = options.register(() => session);
  broker.sessions.add(session);
  session.forget = () => {
    cancel.forget();
    broker.sessions.delete(session);
  };
  return { session, key: cancel };
}

async function mayConnect(broker: Broker, options: OpenOptions): Promise<OpenRefused | null> {
  const { settings, authenticated, address, tls } = options;
  const { principal } = authenticated;
  if (!broker.snapshot.fresh) {
    return { sqlstate: sqlstate.cannotDecide, message: "the policies in force cannot be confirmed", cause: "stale" };
  }
  const { kept, applicationName } = settings;
  const decision = await broker.analyst.decideConnect({
    principal: principalOf(principal),
    database: settings.database,
    session: {
      clientAddress: address,
      applicationName,
      tls,
      inTransaction: false,
      ...(kept.onBehalfOf === null ? {} : { onBehalfOf: kept.onBehalfOf }),
      ...(kept.reason === null ? {} : { reason: kept.reason }),
      ...(kept.purpose === null ? {} : { purpose: kept.purpose }),
      breakGlass: kept.breakGlass,
    },
    time: timeFacts(broker.now()),
    usage: broker.usage.lastHour(actorOf(principal)),
    grants: [],
  });
  if (decision.effect === "allow") return null;
  const detail = JSON.stringify({ decision: "deny", policies: decision.policies, reason: decision.reason });
  const code = decision.effect === "deny" ? decision.sqlstate : sqlstate.insufficientPrivilege;
  return { sqlstate: code, message: `denied by policy: ${decision.reason}`, detail, cause: "not-permitted" };
}

function makeSession(broker: Broker, options: OpenOptions, upstream: Upstream): Session {
  const { settings, authenticated, address, tls, inbound } = options;
  const path = upstream.parameters.get("search_path");
  const session: Session = {
    broker,
    id: randomUUID(),
    client: new ClientLink(inbound.socket),
    upstream: new UpstreamLink(upstream, broker.flusher),
    pipeline: new Pipeline(upstreamEvents(() => session)),
    reader: new FrameReader(messageBytesMax),
    principal: authenticated.principal,
    token: authenticated.token,
    database: broker.snapshot.database(settings.database)!,
    clientAddress: address,
    tls,
    role: upstream.parameters.get("session_authorization") ?? upstream.address.user,
    openedAt: broker.now(),
    applicationName: settings.applicationName,
    searchPath: readSearchPath(path ?? ""),
    namesKnown: path !== undefined,
    namesMoving: false,
    namesTouched: false,
    preparedMoving: new Set(),
    quietWaiters: [],
    reportsSearchPath: path !== undefined,
    overlay: [],
    kept: settings.kept,
    keptAtStart: settings.kept,
    phase: "ready",
    discarding: false,
    interrupt: null,
    notices: [],
    leaf: null,
    baseKey: "",
    sqlPrepared: new Map(),
    cursors: new Map(),
    cursorsMoving: new Map(),
    openedUnder: broker.snapshot.version,
    roleMoves: false,
    masksApply: false,
    breakGlassUsed: false,
    statements: 0,
    forget: () => undefined,
  };
  return session;
}

import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { readSearchPath } from "@/lib/sql/search-path";
import type { Call, Subject } from "./calls";
import { closeEntry } from "./close-entry";
import { mapPosition } from "./map-position";
import { forgetPrepared } from "./names-moving";
import { forgetTransactionCursors, noteCursors } from "./opened-before";
import type { PipelineEvents } from "./pipeline-events";
import { encodeErrorFields, readErrorFields } from "./protocol/error-fields";
import type { FrameAnswer } from "./protocol/result-walker";
import { readRowOrigins } from "./protocol/row-description";
import { withheldError, withheldNotice } from "./protocol/withhold";
import type { Session } from "./session-state";

/** Parameters that a principal with masks may be told of although the client did not set them. */
const relayedParameters = new Set([
  "application_name",
  "client_encoding",
  "DateStyle",
  "default_transaction_read_only",
  "in_hot_standby",
  "integer_datetimes",
  "IntervalStyle",
  "is_superuser",
  "scram_iterations",
  "search_path",
  "server_encoding",
  "server_version",
  "session_authorization",
  "standard_conforming_strings",
  "TimeZone",
]);

/** A result column comes straight from a masked one: the substitution did not do what it must. */
export class MaskBreach extends Error {}

/** What the session does with what its upstream says. */
export function upstreamEvents(session: () => Session): PipelineEvents {
  return {
    onReady: (status) => onReady(session(), status),
    onFinished: (call, statement) => onFinished(session(), call, statement),
    onClosed: (call, outcome) => {
      const own = session();
      closeEntry(own, call, outcome);
      if (outcome === "ok" && call.known.plan.statements.some(({ changesCatalog }) => changesCatalog))
        refreshCatalog(own);
    },
    onParameter: (name, value) => onParameter(session(), name, value),
    onError: (frame, subject) => onError(session(), frame, subject),
    onNotice: (frame) => (hasMasks(session()) ? withheldNotice(frame) : true),
    onNotification: () => !hasMasks(session()),
    onRowDescription: checkOrigins,
  };
}

/** Break-glass ends with the transaction it was used in; a SET outside of one is meant for the next. */
function onReady(session: Session, status: "I" | "T" | "E"): void {
  if (status === "I" && session.cursors.size > 0) forgetTransactionCursors(session);
  if (!session.kept.breakGlass) return;
  if (status === "I" && session.breakGlassUsed) {
    session.kept = { ...session.kept, breakGlass: false };
    session.breakGlassUsed = false;
  } else {
    session.breakGlassUsed = true;
  }
}

function onFinished(session: Session, call: Call, index: number): void {
  const statement = call.known.plan.statements[index];
  if (statement === undefined) return;
  if (statement.deallocates !== undefined) forgetPrepared(session, statement.deallocates);
  if (statement.prepares !== undefined) {
    const { name, sql } = statement.prepares;
    forgetPrepared(session, name);
    session.sqlPrepared.set(name, { sql });
  }
  noteCursors(session, call, statement);
  const touchesRole = statement.settings.some(({ name }) => name === "role" || name === "session_authorization");
  session.roleMoves ||= touchesRole;
  const follows = session.roleMoves || !session.reportsSearchPath;
  if (follows && (statement.settings.length > 0 || statement.transaction !== undefined)) session.namesKnown = false;
}

function onParameter(session: Session, name: string, value: string): FrameAnswer {
  if (name === "search_path") {
    session.searchPath = readSearchPath(value);
    session.baseKey = "";
  }
  if (name === "application_name") {
    session.applicationName = value;
    session.leaf = null;
  }
  return !hasMasks(session) || relayedParameters.has(name);
}

function onError(session: Session, frame: Buffer, subject: Subject | null): FrameAnswer {
  const plan = subject?.known.plan;
  const splices = plan?.statements.some((statement) => statement.splices.length > 0) ?? false;
  const masks = plan?.masksApply ?? hasMasks(session);
  if (!splices && !masks) return true;
  const fields = readErrorFields(frame);
  const told = masks ? withheldError(fields) : fields;
  const position = Number(told.get("P"));
  if (splices && position > 0 && subject !== null) {
    const mapped = mapPosition(position, subject);
    if (mapped === null) told.delete("P");
    else told.set("P", String(mapped));
  }
  return encodeErrorFields("E", told);
}

function checkOrigins(frame: Buffer, subject: Subject | null): void {
  const known = subject?.known;
  if (known === undefined || known.forbiddenOrigins === null) return;
  const origins = readRowOrigins(frame);
  if (origins.some((origin) => known.forbiddenOrigins?.has(origin))) {
    throw new MaskBreach("a result column comes from a masked column");
  }
  const only = known.plan.statements.length === 1 ? known.plan.statements[0] : undefined;
  if (only !== undefined && only.resultColumns !== null && only.resultColumns !== origins.length) {
    throw new MaskBreach("the result has other columns than the plan says");
  }
}

function hasMasks(session: Session): boolean {
  return session.masksApply;
}

const catalogDelayMs = 300;
const scheduled = new Map<string, NodeJS.Timeout>();

/** Reads the catalog again soon after a statement that changed it; several in a row cause one reading. */
function refreshCatalog(session: Session): void {
  const { broker, database } = session;
  if (scheduled.has(database.name)) return;
  const timer = setTimeout(() => {
    scheduled.delete(database.name);
    broker.catalogs.syncCatalog(database.name).catch((error) => {
      log("broker").warn({ error: messageOf(error), database: database.name }, "the catalog could not be read anew");
    });
  }, catalogDelayMs);
  timer.unref();
  scheduled.set(database.name, timer);
}

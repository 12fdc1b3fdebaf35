import { tokenKeySetting } from "@/lib/masking/expression";
import { estimatedRowsOf } from "@/lib/sql/estimated-rows";
import { lexTokens, TokenKind, tokenCount, tokenEnd, tokenKind, tokenStart } from "@/lib/sql/lex";
import { Inbound } from "./inbound";
import { encodeRunOnce, encodeTerminate } from "./protocol/encode-upstream";
import { readTextRow } from "./protocol/text-row";
import type { Session } from "./session-state";
import { openUpstream, type Upstream } from "./upstream";

/** Everything together: connecting, planning, and waiting for a turn. */
export const estimateMsMax = 500;
/** Planning connections of this broker at one time. */
const connectionsMax = 8;
const answerBytesMax = 1024 * 1024;
/** as many as a Bind can carry */
const parametersMax = 65_535;

let connections = 0;
const waiting = new Set<() => void>();

/**
 * The planner's estimate of the rows that a text, as it would be sent, returns or changes; null when it cannot be had.
 * It is asked for on a read-only connection of its own that sees what names mean to the session, but nothing that the
 * session has not committed. Only for plans that say `estimate`: planning can run functions.
 */
export async function estimateRows(session: Session, text: string): Promise<number | null> {
  const deadline = new Deadline(estimateMsMax);
  try {
    return await deadline.bound(planRows(session, questions(text), deadline));
  } catch {
    return null;
  } finally {
    deadline.end();
  }
}

/** With parameters the generic plan is asked for, by PREPARE: EXPLAIN (GENERIC_PLAN) takes none over this protocol. */
function questions(text: string): string[] {
  const count = parametersOf(text);
  if (count === 0) return [`EXPLAIN (FORMAT JSON) ${text}`];
  if (count > parametersMax) throw new Error("the text has too many parameters");
  const nulls = Array.from({ length: count }, () => "NULL").join(", ");
  return [`PREPARE estimated AS ${text}`, `EXPLAIN (FORMAT JSON) EXECUTE estimated (${nulls})`];
}

async function planRows(session: Session, texts: string[], deadline: Deadline): Promise<number | null> {
  await turn(deadline);
  connections += 1;
  try {
    const opened = await openUpstream(session.upstream.upstream.address, settingsOf(session));
    if ("failed" in opened) return null;
    return await ask(opened, texts, deadline);
  } finally {
    connections -= 1;
    const [next] = waiting;
    next?.();
  }
}

/** Waits until fewer than `connectionsMax` others plan. */
async function turn(deadline: Deadline): Promise<void> {
  while (connections >= connectionsMax) {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        waiting.delete(go);
        resolve();
      };
      waiting.add(go);
      deadline.onEnd(go);
    });
    deadline.check();
  }
}

async function ask(upstream: Upstream, texts: string[], deadline: Deadline): Promise<number | null> {
  const { socket } = upstream;
  deadline.onEnd(() => socket.destroy());
  deadline.check();
  const inbound = new Inbound(socket, answerBytesMax);
  socket.write(Buffer.concat(texts.map(encodeRunOnce)));
  let ready = 0;
  let rows: number | null = null;
  for (;;) {
    const message = await inbound.serverMessage(answerBytesMax);
    if (typeof message === "string") return null;
    if (message.type === "E") rows = null;
    if (message.type === "D") rows = estimatedRowsOf(readTextRow(message.bytes)[0] ?? "");
    if (message.type !== "Z" || ++ready < texts.length) continue;
    socket.end(encodeTerminate());
    return rows;
  }
}

/** The session's names; nothing can be written, and nothing can run longer than the wait for it. */
function settingsOf({ broker, searchPath, role, upstream, database }: Session): [string, string][] {
  const path = searchPath.map((name) => `"${name.replaceAll('"', '""')}"`).join(", ");
  const settings: [string, string][] = [
    ["application_name", "countersign estimate"],
    ["client_encoding", "UTF8"],
    ["default_transaction_read_only", "on"],
    ["plan_cache_mode", "force_generic_plan"],
    ["statement_timeout", String(estimateMsMax)],
    ["lock_timeout", String(estimateMsMax)],
    ["search_path", path === "" ? '""' : path],
    [tokenKeySetting, broker.tokenKey(database.name)],
  ];
  if (role !== upstream.upstream.address.user) settings.push(["role", role]);
  return settings;
}

/** The highest n of the text's `$n`. */
function parametersOf(text: string): number {
  const tokens = lexTokens(text);
  if (!(tokens instanceof Int32Array)) throw new Error("the text is not readable");
  let highest = 0;
  for (let index = 0; index < tokenCount(tokens); index++) {
    if (tokenKind(tokens, index) !== TokenKind.param) continue;
    highest = Math.max(highest, Number(text.slice(tokenStart(tokens, index) + 1, tokenEnd(tokens, index))));
  }
  return highest;
}

/** One wait for several steps, whichever of them is slow. */
class Deadline {
  readonly #ends: (() => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #reject: (error: Error) => void = () => undefined;
  #over = false;

  constructor(ms: number) {
    this.#timer = setTimeout(() => {
      this.#reject(late());
      this.end();
    }, ms);
  }

  bound<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
    });
  }

  /** Called when the time is over, or the work. */
  onEnd(end: () => void): void {
    if (this.#over) end();
    else this.#ends.push(end);
  }

  check(): void {
    if (this.#over) throw late();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    for (const end of this.#ends.splice(0)) end();
  }
}

function late(): Error {
  return new Error("the estimate took too long");
}

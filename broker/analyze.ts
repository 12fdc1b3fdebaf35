import { messageOf } from "@/lib/errors";
import { showKept } from "@/lib/kept-settings";
import { log } from "@/lib/log";
import type { Tokens } from "@/lib/sql/lex";
import type { KnownPlan } from "./calls";
import { factsOf, planKey } from "./facts";
import { knowPlan, refusedPlan } from "./known-plan";
import { readText } from "./read-text";
import type { Session } from "./session-state";

export type Analysed = { known: KnownPlan; tokens: Tokens };

/** What is known of one call beside its text: hold policies that an approval waives, the planner's estimate. */
export type KnownOfCall = { waived: string[]; estimatedRows: number | null };
export const noneKnown: KnownOfCall = { waived: [], estimatedRows: null };

const noTokens = new Int32Array(0);

/**
 * The plan of a text for this session, now: from the cache where the same principal sent the same shape under the
 * same facts, otherwise from the analysis worker. Never throws: what cannot be analysed is a plan that refuses.
 * @param known what is known of exactly this call; such a plan is never kept
 */
export function analyze(session: Session, sql: string, known: KnownOfCall = noneKnown): Analysed | Promise<Analysed> {
  const read = readText(sql);
  if (!read.ok) return { known: localRefusal(session, read.refusal), tokens: noTokens };
  const { tokens, shape } = read;
  const key = planKey(session);
  if (known === noneKnown) {
    const kept = session.broker.plans.get(key, shape, sql);
    if (kept !== undefined) return { known: kept, tokens };
  }
  return ask(session, { sql, key, known }).then((made) => ({ known: made, tokens }));
}

type Question = { sql: string; key: string; known: KnownOfCall };

async function ask(session: Session, { sql, key, known: { waived, estimatedRows } }: Question): Promise<KnownPlan> {
  const { broker } = session;
  const { epoch, bundleVersion } = broker.snapshot;
  try {
    const plan = await broker.analyst.analyze({
      ...factsOf(session),
      sql,
      searchPath: session.searchPath,
      role: session.role,
      overlay: session.overlay,
      waived,
      ...(estimatedRows === null ? {} : { estimatedRows }),
      kept: showKept(session.kept),
      prepared: preparedOf(session, sql),
    });
    const known = knowPlan(plan, { key, bundleVersion, database: session.database });
    // A plan that was made across a change of policies belongs to neither side of it.
    if (
      waived.length === 0 &&
      estimatedRows === null &&
      plan.refusal?.sqlstate !== "42P01" &&
      broker.snapshot.epoch === epoch
    ) {
      broker.plans.set(known, sql);
    }
    return known;
  } catch (error) {
    log("broker").error({ error: messageOf(error) }, "a statement could not be analysed");
    return localRefusal(session, {
      sqlstate: "ZS003",
      message: "cannot decide safely: the statement could not be analysed",
      hint: "nothing was run; try again, and tell an administrator if it stays so",
    });
  }
}

function localRefusal(session: Session, refusal: Parameters<typeof refusedPlan>[0]): KnownPlan {
  const { snapshot } = session.broker;
  const plan = refusedPlan(refusal, `(${refusal.message})`, snapshot.version);
  return knowPlan(plan, { key: "", bundleVersion: snapshot.bundleVersion, database: session.database });
}

/** What EXECUTE may name, handed over only where the text says EXECUTE. */
function preparedOf(session: Session, sql: string): Record<string, { sql: string }> {
  if (!/execute/i.test(sql)) return {};
  const all: Record<string, { sql: string }> = {};
  for (const { name, sql: text } of session.pipeline.objects.statements.values()) {
    all[name] = { sql: text };
  }
  for (const [name, prepared] of session.sqlPrepared) all[name] = prepared;
  return all;
}

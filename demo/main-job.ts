import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { childEnv } from "@/lib/env";
import { packageRoot } from "@/lib/package-root";
import { type BrowserSession, signIn } from "./browser-session";
import { type DemoFile, principalOf } from "./demo-file";
import {
  countOrders,
  eventually,
  expect,
  hold,
  newOrder,
  percentiles,
  readFeed,
  refused,
  review,
  withClient,
} from "./job-client";

const verifyMsMax = 60_000;
const rounds = 20;

export type JobState = { demo: DemoFile; home: string; reviewer?: BrowserSession; order?: number; approval?: number };
export type JobStep = { label: string; run(state: JobState): Promise<string> };

/** What the product is for, from the first read to the verified record, through the interfaces that everybody uses. */
export const mainJob: JobStep[] = [
  { label: "an agent's SELECT comes back masked", run: readMasked },
  { label: "DROP TABLE is refused with the policy's reason, and the session survives", run: refuseDrop },
  { label: "a DELETE without a usable WHERE is refused without asking anybody", run: refuseUnbounded },
  { label: "the reviewer signs in through the identity provider", run: signInReviewer },
  {
    label: "a DELETE waits, the client is told where, and the owner of the agent cannot approve it",
    run: holdAndApprove,
  },
  { label: "the reviewer got mail with the link", run: checkMail },
  { label: "the record says who, for whom, what, why and how long", run: checkRecord },
  { label: `approval to result at the client, ${rounds} times`, run: measureRelease },
  { label: "end of a statement to the feed", run: measureFeed },
  { label: "the log verifies", run: verifyLog },
];

async function readMasked({ demo }: JobState): Promise<string> {
  const statement = "SELECT id, name, email FROM customers ORDER BY id LIMIT 20";
  const seen = await withClient(principalOf(demo, "reporting-agent").dsn, (client) => client.query(statement));
  const real = await withClient(demo.upstream, (client) => client.query(statement));
  expect(seen.rows.length === real.rows.length, "as many rows as the table has");
  for (const [index, row] of real.rows.entries()) {
    expect(String(seen.rows[index].id) === String(row.id), "ids in clear");
    expect(seen.rows[index].email !== row.email, `customer ${row.id}'s e-mail address masked`);
  }
  return `${real.rows[0].id}: ${seen.rows[0].email}`;
}

async function refuseDrop({ demo }: JobState): Promise<string> {
  return withClient(principalOf(demo, "reporting-agent").dsn, async (client) => {
    const refusal = await refused(client, "DROP TABLE customers");
    const detail = JSON.parse(refusal.detail ?? "{}") as { decision?: string; policies?: string[] };
    expect(
      refusal.code === "42501" && detail.decision === "deny",
      `SQLSTATE 42501 and a decision, not ${refusal.code}`,
    );
    expect((detail.policies ?? []).length > 0, "the ids of the policies");
    await client.query("SELECT 1");
    return `${refusal.message} (${detail.policies?.join(", ")})`;
  });
}

async function refuseUnbounded({ demo }: JobState): Promise<string> {
  return withClient(principalOf(demo, "maintenance-agent").dsn, async (client) => {
    const refusal = await refused(client, "DELETE FROM orders WHERE id IS NULL OR id IS NOT NULL");
    expect(refusal.code === "42501", `SQLSTATE 42501, not ${refusal.code}`);
    return refusal.message;
  });
}

async function signInReviewer(state: JobState): Promise<string> {
  const person = state.demo.people.find(({ groups }) => groups.includes("security"));
  state.reviewer = await signIn(state.demo.console, person?.email ?? "");
  return person?.email ?? "";
}

async function holdAndApprove(state: JobState): Promise<string> {
  const owner = state.demo.people.find(({ role }) => role === "requester");
  const ownerSession = await signIn(state.demo.console, owner?.email ?? "");
  return withClient(principalOf(state.demo, "maintenance-agent").dsn, async (client) => {
    const order = await newOrder(state.demo);
    const held = await hold(client, order);
    expect(held.url.startsWith(state.demo.console), "a link to the console");
    const own = await review(state.demo, ownerSession, held.approval);
    expect(own.status === 403, `the owner's vote refused with 403, not ${own.status}`);
    expect((await countOrders(state.demo, order)) === 1, "the order untouched while the call waits");
    const vote = await review(state.demo, reviewerOf(state), held.approval);
    expect(vote.status === 200, `the reviewer's vote accepted, not ${vote.status}: ${await vote.text()}`);
    const result = await held.result;
    expect(result.rowCount === 1 && (await countOrders(state.demo, order)) === 0, "the row deleted by the same call");
    Object.assign(state, { order, approval: held.approval });
    return `request ${held.approval}, DELETE ${result.rowCount}`;
  });
}

async function checkMail(state: JobState): Promise<string> {
  const link = `/approvals/${state.approval}`;
  const reviewer = state.demo.people.find(({ groups }) => groups.includes("security"))?.email ?? "";
  const found = await eventually(async () => {
    const { messages } = (await (
      await fetch(`${state.demo.mail}/api/messages?${new URLSearchParams({ to: reviewer })}`)
    ).json()) as {
      messages: { to: string[]; subject: string; text: string }[];
    };
    return messages.find(({ text }) => text.includes(link));
  }, `a message to ${reviewer} with ${link}`);
  return `${found.to.join(", ")}: ${found.subject}`;
}

async function checkRecord(state: JobState): Promise<string> {
  return withClient(state.demo.store, async (client) => {
    const wanted = ["approval.opened", "approval.reviewed", "statement.held", "statement.released", "statement.closed"];
    const kinds = await eventually(
      async () => {
        const { rows } = await client.query<{ kind: string }>(
          `SELECT DISTINCT kind FROM audit_event WHERE approval_id = $1
           OR entry_id IN (SELECT entry_id FROM audit_event WHERE approval_id = $1)`,
          [state.approval],
        );
        const present = rows.map(({ kind }) => kind);
        return wanted.every((kind) => present.includes(kind)) ? present : undefined;
      },
      `the events ${wanted.join(", ")}`,
    );
    return `${kinds.length} kinds of event`;
  });
}

/** From the reviewer's request to the result at the client that waits. */
export async function measureRelease(state: JobState): Promise<string> {
  return withClient(principalOf(state.demo, "maintenance-agent").dsn, async (client) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const held = await hold(client, await newOrder(state.demo));
      const clicked = performance.now();
      const [vote] = await Promise.all([review(state.demo, reviewerOf(state), held.approval), held.result]);
      times.push(performance.now() - clicked);
      expect(vote.status === 200, `the vote accepted, not ${vote.status}`);
    }
    return percentiles(times);
  });
}

/** From the client's result to the event in a reviewer's stream. */
export async function measureFeed(state: JobState): Promise<string> {
  const stop = new AbortController();
  const response = await reviewerOf(state).fetch(`${state.demo.console}/api/feed`, {
    headers: { accept: "text/event-stream" },
    signal: stop.signal,
  });
  expect(response.ok && response.body !== null, `a stream of events, not ${response.status}`);
  const arrivals = new Map<string, number>();
  const reading = readFeed(response, arrivals);
  try {
    return await withClient(principalOf(state.demo, "reporting-agent").dsn, async (client) => {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await client.query(`SELECT 1 AS probe_${round}_end`);
        const ended = performance.now();
        const arrived = await eventually(
          async () => arrivals.get(`probe_${round}_end`),
          `probe_${round}_end in the feed`,
        );
        times.push(Math.max(0, arrived - ended));
      }
      return percentiles(times);
    });
  } finally {
    stop.abort();
    await reading;
  }
}

async function verifyLog({ home }: JobState): Promise<string> {
  const done = spawnSync(process.execPath, [join(packageRoot(), "dist/countersign.js"), "audit", "verify"], {
    env: childEnv({ COUNTERSIGN_HOME: home, DATABASE_URL: undefined }) as NodeJS.ProcessEnv,
    encoding: "utf8",
    timeout: verifyMsMax,
  });
  expect(done.status === 0, `exit code 0, not ${done.status}: ${done.stderr.trim() || done.stdout.trim()}`);
  return done.stdout.trim().split("\n")[0] ?? "";
}

function reviewerOf(state: JobState): BrowserSession {
  if (!state.reviewer) throw new Error("the reviewer has not signed in");
  return state.reviewer;
}

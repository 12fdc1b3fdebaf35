import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { approvalRequest, holdTerms } from "@/e2e/fixtures/approval-request";
import { startSlack, startSmtp, type TestSlack, type TestSmtp } from "@/e2e/fixtures/message-servers";
import { redisMissing, startRedis, type TestRedis } from "@/e2e/fixtures/redis";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { systemActor } from "@/lib/store/actor";
import { getApproval } from "@/lib/store/approval-list";
import { openApproval, withdrawApproval } from "@/lib/store/approvals";
import { addGroup } from "@/lib/store/groups";
import { listHeartbeats } from "@/lib/store/heartbeats";
import { addPerson } from "@/lib/store/people";
import { reviewApproval } from "@/lib/store/review-approval";
import { expireApprovals } from "./expire-approvals";
import { notifyApproval } from "./notify-approval";
import { type RunningWorkers, runWorkers } from "./run-workers";
import { sweepDeliveries } from "./sweep-deliveries";

const by = systemActor("test");
const missing = redisMissing();
if (missing !== null) process.stderr.write(`the Redis half of the workers' tests is skipped: ${missing}\n`);
const waiting = { timeout: 15_000, interval: 50 };

describe.each(["postgresql", "redis"])("workers over %s", (backend) => {
  const skip = backend === "redis" && missing !== null;
  let serial = 0;
  let [home, smtp, slack, redis] = ["", {} as TestSmtp, {} as TestSlack, undefined as TestRedis | undefined];
  let store: TestStore;
  let workers: RunningWorkers;

  beforeAll(async () => {
    if (skip) return;
    home = await mkdtemp(join(tmpdir(), "countersign-home-"));
    [smtp, slack] = await Promise.all([startSmtp(), startSlack()]);
    redis = backend === "redis" ? await startRedis() : undefined;
    store = await testStore({
      COUNTERSIGN_HOME: home,
      CONSOLE_URL: "https://console.example",
      SMTP_URL: smtp.url,
      SLACK_API_URL: slack.url,
      SLACK_BOT_TOKEN: "xoxb-test",
      SLACK_CHANNEL: "C0REVIEW",
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    });
    await addGroup({ name: "security" }, by);
    await addPerson({ email: "sec@example.com", role: "reviewer", groups: ["security"] }, by);
    await addPerson({ email: "owner@example.com", role: "requester", groups: ["security"] }, by);
    await addPerson({ email: "admin@example.com", role: "admin" }, by);
    workers = await runWorkers();
  });
  afterAll(async () => {
    if (skip) return;
    await workers?.stop();
    await store?.stop();
    await Promise.all([smtp.stop(), slack.stop(), redis?.stop()]);
    await rm(home, { recursive: true, force: true });
  });

  async function opened(changes = {}): Promise<number> {
    serial += 1;
    const statement = `DELETE FROM orders WHERE id = ${serial} AND note = 'hunter2'`;
    return (await openApproval(approvalRequest({ statement, ...changes }))).id;
  }
  const mailsOf = (id: number) => smtp.mails.filter((mail) => mail.headers.get("x-countersign-request") === String(id));
  const recipientsOf = (id: number) =>
    mailsOf(id)
      .map((mail) => [mail.to].flat()[0]?.text)
      .sort();
  const postsOf = (id: number) => slack.posts.filter((post) => post.text?.includes(`/approvals/${id}`));

  it.skipIf(skip)(
    "sends one mail to each reviewer and to whoever asked, and one Slack message, with a link and no literal",
    async () => {
      const id = await opened();
      await expect.poll(() => recipientsOf(id), waiting).toEqual(["owner@example.com", "sec@example.com"]);
      await expect.poll(() => postsOf(id).length, waiting).toBe(1);
      const prompt = mailsOf(id).find((mail) => [mail.to].flat()[0]?.text === "sec@example.com");
      expect(prompt?.subject).toBe(`Approval needed: maintenance-agent (agent) on shop (request ${id})`);
      expect(prompt?.text).toContain(`https://console.example/approvals/${id}`);
      expect(prompt?.html).toContain(`href="https://console.example/approvals/${id}"`);
      const everything = JSON.stringify([mailsOf(id), postsOf(id)]);
      expect(everything).not.toContain("hunter2");
      expect(everything).toMatch(/DELETE FROM orders WHERE id = \?/i);
      expect(postsOf(id)[0]).toMatchObject({ channel: "C0REVIEW" });
      await expect
        .poll(async () => (await getApproval(id))?.deliveries.map(({ status }) => status), waiting)
        .toEqual(["sent", "sent", "sent"]);
    },
  );

  it.skipIf(skip)(
    "tells whoever asked how it ended, with the reviewer's name, under the first Slack message",
    async () => {
      const id = await opened();
      await expect.poll(() => postsOf(id).length, waiting).toBe(1);
      await expect.poll(() => mailsOf(id).length, waiting).toBe(2);
      await reviewApproval({
        approvalId: id,
        email: "sec@example.com",
        vote: "deny",
        reason: "use the tool",
        channel: "console",
      });
      await expect.poll(() => mailsOf(id).length, waiting).toBe(3);
      const last = mailsOf(id)[2];
      expect([last?.to].flat()[0]?.text).toBe("owner@example.com");
      expect(last?.text).toContain("Denied by sec@example.com: use the tool");
      await expect.poll(() => postsOf(id).length, waiting).toBe(2);
      expect(postsOf(id)[1]?.thread_ts).toMatch(/^1700000000\./);
    },
  );

  it.skipIf(skip)("sends nothing twice, however often a transition is announced and swept", async () => {
    const id = await opened();
    await expect.poll(() => mailsOf(id).length, waiting).toBe(2);
    await Promise.all([1, 2, 3].map(() => notifyApproval({ approvalId: id, transition: "opened" })));
    await Promise.all([sweepDeliveries(), sweepDeliveries()]);
    await expect.poll(() => postsOf(id).length, waiting).toBe(1);
    expect(mailsOf(id)).toHaveLength(2);
  });

  it.skipIf(skip)("tries again where a channel fails, and a dead channel does not keep the other", async () => {
    smtp.refuseWith({ code: 451, times: 2 });
    const id = await opened();
    await expect.poll(() => postsOf(id).length, waiting).toBe(1);
    const failing = async () => (await getApproval(id))?.deliveries.filter(({ channel }) => channel === "email") ?? [];
    await expect
      .poll(
        async () => (await failing()).every(({ attempts, lastError }) => attempts === 1 && lastError !== null),
        waiting,
      )
      .toBe(true);
    await store.asOwner("update delivery set next_try_at = now() where approval_id = $1 and status = 'pending'", [id]);
    await sweepDeliveries();
    expect(recipientsOf(id)).toEqual(["owner@example.com", "sec@example.com"]);
  });

  it.skipIf(skip)("gives up on what trying again cannot mend, and says so", async () => {
    smtp.refuseWith({ code: 550, times: 2 });
    slack.failWith({ error: "channel_not_found", times: 1 });
    const id = await opened();
    await expect
      .poll(async () => (await getApproval(id))?.deliveries.map(({ status }) => status), waiting)
      .toEqual(["failed", "failed", "failed"]);
    const errors = (await getApproval(id))?.deliveries.map(({ lastError }) => lastError).join();
    expect(errors).toMatch(/channel_not_found/);
  });

  it.skipIf(skip)(
    "finds what lost nudges and dead workers left, and does not send what may have been sent",
    async () => {
      const id = await opened();
      await expect.poll(() => postsOf(id).length, waiting).toBe(1);
      await expect.poll(() => mailsOf(id).length, waiting).toBe(2);
      await store.asOwner(
        `update delivery set status = 'sending', sent_at = null, next_try_at = now() - interval '1 second'
       where approval_id = $1 and recipient = 'sec@example.com'`,
        [id],
      );
      await sweepDeliveries();
      expect((await getApproval(id))?.deliveries.map(({ status }) => status).sort()).toEqual([
        "sent",
        "sent",
        "unknown",
      ]);
      expect(mailsOf(id)).toHaveLength(2);
      // A transition whose nudge never arrived: nothing is planned until the sweep looks.
      await withdrawApproval(id, "the client hung up");
      await store
        .asOwner("delete from delivery where approval_id = $1 and transition = 'withdrawn'", [id])
        .catch(() => undefined);
      await store.asOwner("update approval set decided_at = now() - interval '1 minute' where id = $1", [id]);
      await sweepDeliveries();
      await expect.poll(() => mailsOf(id).some((mail) => mail.text?.includes("Withdrawn")), waiting).toBe(true);
    },
  );

  it.skipIf(skip)("tells admins of a request that nobody can approve", async () => {
    const id = await opened({ terms: { ...holdTerms, quorum: [{ group: "security", count: 2 }] } });
    await expect
      .poll(() => recipientsOf(id), waiting)
      .toEqual(["admin@example.com", "owner@example.com", "sec@example.com"]);
    const alarm = mailsOf(id).find((mail) => [mail.to].flat()[0]?.text === "admin@example.com");
    expect(alarm?.subject).toContain("cannot be approved by anybody");
  });

  it.skipIf(skip)("ends what the clock has ended and tells whoever asked", async () => {
    const id = await opened();
    await store.asOwner(
      "update approval set created_at = now() - interval '1 hour', expires_at = now() - interval '1 second' where id = $1",
      [id],
    );
    await expireApprovals();
    await expect
      .poll(() => mailsOf(id).some((mail) => mail.text?.includes("Nobody decided in time")), waiting)
      .toBe(true);
  });

  it.skipIf(skip)("says that it is alive", async () => {
    expect((await listHeartbeats()).map(({ id }) => id)).toContain(workers.id);
  });
});

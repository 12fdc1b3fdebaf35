import { describe, expect, it } from "vitest";
import { directly, ownBroker, person, store } from "../fixtures/stack";

const events = (broker: string, kind: string) =>
  store(
    `SELECT count(DISTINCT entry_id)::int AS n FROM audit_event WHERE leaf LIKE '%${broker}%' AND kind = '${kind}'`,
  ).then((rows) => Number(rows[0]!.n));

describe("a broker that is killed", () => {
  it("leaves no executed statement unrecorded", async () => {
    await directly("CREATE TABLE IF NOT EXISTS e2e_crash (tag text)");
    await (await person("admin")).syncDatabase("shop");
    const broker = await ownBroker({});
    const clients = await Promise.all([1, 2, 3, 4].map(() => broker.login("maintenance-agent")));
    const load = clients.map(async (client, worker) => {
      for (let i = 0; i < 500; i++) {
        const messages = await client.run(`INSERT INTO e2e_crash VALUES ('${broker.id}-${worker}-${i}')`);
        if (messages.at(-1)?.type !== "Z") return;
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await broker.kill();
    await Promise.all(load);
    const inserted = Number(
      (await directly(`SELECT count(*)::int AS n FROM e2e_crash WHERE tag LIKE '${broker.id}-%'`))[0]!.n,
    );
    expect(inserted).toBeGreaterThan(0);
    await broker.restart();
    await expect
      .poll(() => events(broker.id, "statement.opened"), { timeout: 20_000 })
      .toBeGreaterThanOrEqual(inserted);
    await expect
      .poll(async () => (await events(broker.id, "statement.opened")) - (await events(broker.id, "statement.closed")), {
        timeout: 20_000,
      })
      .toBe(0);
    await broker.stop();
    await directly("DROP TABLE e2e_crash");
  });

  it("uses no approval twice when it dies while a statement is held", async () => {
    const broker = await ownBroker({});
    const [row] = await directly(
      "INSERT INTO orders (customer_id, status, placed_at, total) VALUES (1, 'pending', now(), 100) RETURNING id",
    );
    const text = `DELETE FROM orders WHERE id = ${row!.id}`;
    const client = await broker.login("maintenance-agent");
    client.run(text).catch(() => undefined);
    const reviewer = await person("reviewer", "security");
    const [pending] = await reviewer.pending();
    await broker.kill();
    await reviewer.review(pending!.id, "approve", "agreed");
    await broker.restart();
    const again = await broker.login("maintenance-agent");
    await again.run("SET countersign.wait = 0");
    const outcomes: string[] = [];
    for (let i = 0; i < 3; i++) {
      const messages = await again.run(text);
      outcomes.push(messages.some((m) => m.type === "C") ? "ran" : "held");
    }
    expect(outcomes.filter((o) => o === "ran").length).toBeLessThanOrEqual(1);
    const used = await store(
      `SELECT count(*)::int AS n FROM audit_event WHERE kind = 'approval.used' AND approval_id = ${pending!.id}`,
    );
    expect(Number(used[0]!.n)).toBeLessThanOrEqual(1);
    await broker.stop();
  });
});

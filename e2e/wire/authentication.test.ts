import { describe, expect, it } from "vitest";
import { BackendError, errorFields, RawClient, startupMessage } from "../fixtures/raw-client";
import { countersign, principal, stack, store } from "../fixtures/stack";

const refusedLogin = async (options: { user: string; password: string; database: string }) => {
  const { broker } = await stack();
  try {
    const client = await RawClient.login({ ...broker, ...options });
    client.destroy();
    return null;
  } catch (error) {
    if (error instanceof BackendError) return error.fields;
    throw error;
  }
};

describe("authentication", () => {
  it("lets an agent in with its token", async () => {
    const agent = await principal("reporting-agent");
    expect(await refusedLogin(agent)).toBeNull();
  });

  it("gives a wrong token, an unknown user, an unknown database and a token of somebody else the same answer", async () => {
    const agent = await principal("reporting-agent");
    const other = await principal("maintenance-agent");
    const answers = [
      await refusedLogin({ ...agent, password: `cst_${"A".repeat(43)}` }),
      await refusedLogin({ ...agent, password: other.password }),
      await refusedLogin({ ...agent, password: "not even a token" }),
      await refusedLogin({ ...agent, user: "nobody-we-know" }),
      await refusedLogin({ ...agent, user: "nobody@example.com" }),
      await refusedLogin({ ...agent, database: "no_such_database" }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ S: "FATAL", C: "28P01" });
      expect(answer!.M!.replace(/"[^"]*"/, '""')).toBe(answers[0]!.M!.replace(/"[^"]*"/, '""'));
    }
  });

  it("refuses a revoked token", async () => {
    const agent = await principal("reporting-agent");
    const issued = await countersign(["token", "issue", "agent/reporting-agent", "--json"]);
    expect(issued.code).toBe(0);
    const token = JSON.parse(issued.stdout) as { id: string; token: string };
    expect(await refusedLogin({ ...agent, password: token.token })).toBeNull();
    await expect
      .poll(async () => (await store("SELECT last_used_at FROM token WHERE id = $1", [token.id]))[0]!.last_used_at)
      .not.toBeNull();
    expect((await countersign(["token", "revoke", token.id])).code).toBe(0);
    await expect
      .poll(() => refusedLogin({ ...agent, password: token.token }), { timeout: 5000 })
      .toMatchObject({ C: "28P01" });
  });

  it("refuses an expired token and ends the session that it opened", async () => {
    const agent = await principal("reporting-agent");
    const { broker } = await stack();
    const issued = await countersign(["token", "issue", "agent/reporting-agent", "--ttl", "3s", "--json"]);
    const token = JSON.parse(issued.stdout) as { token: string };
    const client = await RawClient.login({ ...broker, ...agent, password: token.token });
    const rest = await client.until("never");
    expect(rest.filter((m) => m.type === "E").map((m) => errorFields(m.body).S)).toEqual(["FATAL"]);
    expect(await refusedLogin({ ...agent, password: token.token })).toMatchObject({ C: "28P01" });
  });

  it("refuses an empty database name and never falls back to the user's name", async () => {
    const { broker } = await stack();
    for (const parameters of [
      { user: "reporting-agent", database: "" },
      { user: "reporting-agent" } as Record<string, string>,
    ]) {
      const client = await RawClient.open(broker);
      client.send(startupMessage(parameters));
      const messages = await client.until("never");
      expect(messages.map((m) => m.type)).toEqual(["E"]);
      expect(errorFields(messages[0]!.body).S).toBe("FATAL");
    }
  });

  it("answers a newer minor protocol version and unknown extensions with what it speaks", async () => {
    const { broker } = await stack();
    const agent = await principal("reporting-agent");
    const client = await RawClient.open(broker);
    client.send(
      startupMessage({ user: agent.user, database: agent.database, "_pq_.test_extension": "on" }, { minor: 9999 }),
    );
    const first = await client.next();
    expect(first?.type).toBe("v");
    expect(first!.body.readUInt32BE(0) & 0xffff).toBeLessThanOrEqual(2);
    expect(first!.body.toString()).toContain("_pq_.test_extension");
    client.destroy();
  });

  it("refuses replication connections", async () => {
    const { broker } = await stack();
    const agent = await principal("reporting-agent");
    const client = await RawClient.open(broker);
    client.send(startupMessage({ user: agent.user, database: agent.database, replication: "true" }));
    const messages = await client.until("never");
    expect(messages.at(-1)?.type).toBe("E");
  });
});

import { describe, expect, it } from "vitest";

import { readEnv } from "./env";
import { generateKeyRing } from "./secrets";

function faultsOf(source: Record<string, string>): string[] {
  const result = readEnv(source);
  return result.ok ? [] : result.faults;
}

describe("readEnv", () => {
  it("fills in the defaults of a single machine", () => {
    const result = readEnv({});
    expect(result).toMatchObject({
      ok: true,
      env: { CONSOLE_URL: "http://127.0.0.1:3000", BROKER_PORT: 6432, COUNTERSIGN_HOME: ".countersign" },
    });
  });

  it("derives the console's address from its port and drops a trailing slash", () => {
    expect(readEnv({ CONSOLE_PORT: "4000" })).toMatchObject({ env: { CONSOLE_URL: "http://127.0.0.1:4000" } });
    expect(readEnv({ CONSOLE_URL: "https://db.example/" })).toMatchObject({
      env: { CONSOLE_URL: "https://db.example" },
    });
  });

  it("treats an empty value as unset", () => {
    expect(faultsOf({ REDIS_URL: "", BROKER_PORT: "" })).toEqual([]);
  });

  it.each([
    [{ BROKER_PORT: "70000" }, /^BROKER_PORT must be a port/],
    [{ BROKER_PORT: "many" }, /^BROKER_PORT must be a port/],
    [{ DATABASE_URL: "mysql://x" }, /^DATABASE_URL must be a URL that starts with postgres/],
    [{ REDIS_URL: "127.0.0.1:6379" }, /^REDIS_URL must be a URL/],
    [{ COUNTERSIGN_KEY: "k1:c2hvcnQ=" }, /^COUNTERSIGN_KEY must hold 32 bytes/],
    [{ AUTH_SECRET: "short" }, /^AUTH_SECRET must have at least 32/],
    [{ BROKER_TLS_CERT: "/c.pem" }, /must be set together/],
    [{ SLACK_BOT_TOKEN: "xoxb-1" }, /^SLACK_CHANNEL must be set/],
    [{ JOURNAL_DURABILITY: "maybe" }, /^JOURNAL_DURABILITY must be process or disk/],
  ])("refuses %j in one line that names the variable", (source, expected) => {
    const faults = faultsOf(source as Record<string, string>);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it("lists every fault at once and repeats no value", () => {
    const faults = faultsOf({ BROKER_PORT: "x", COUNTERSIGN_KEY: "hunter2", DATABASE_URL: "hunter2" });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain("hunter2");
  });

  it("accepts a generated key ring", () => {
    expect(faultsOf({ COUNTERSIGN_KEY: generateKeyRing() })).toEqual([]);
  });
});

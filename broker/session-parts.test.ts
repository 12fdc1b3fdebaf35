import { describe, expect, it } from "vitest";
import { readSearchPath } from "@/lib/sql/search-path";
import { AddressLimits } from "./address-limits";
import type { Prepared } from "./calls";
import { Cancels, hashOfCancelKey } from "./cancel-keys";
import { timeFacts } from "./facts";
import { Flusher } from "./flusher";
import { SessionObjects } from "./session-objects";
import { readStartupSettings } from "./startup-settings";
import { readUpstreamUrl } from "./upstream-url";
import { Usage } from "./usage";

const minuteMs = 60_000;

describe("AddressLimits", () => {
  it("turns an address away after too many failures until the window has passed", () => {
    let now = 0;
    const limits = new AddressLimits(() => now, { connectionsMax: 2, failuresMax: 2, failureWindowMsMax: 1_000 });
    limits.fail("a");
    limits.fail("a");
    expect(limits.enter("a").ok).toBe(false);
    expect(limits.enter("b").ok).toBe(true);
    now = 1_000;
    expect(limits.enter("a").ok).toBe(true);
  });

  it("bounds connections and frees them again", () => {
    const limits = new AddressLimits(() => 0, { connectionsMax: 1, failuresMax: 9, failureWindowMsMax: 1_000 });
    expect(limits.enter("a").ok).toBe(true);
    expect(limits.enter("a").ok).toBe(false);
    limits.leave("a");
    expect(limits.enter("a").ok).toBe(true);
  });
});

describe("Cancels", () => {
  it("tells exactly the session whose key it is", () => {
    const cancels = new Cancels();
    const told: string[] = [];
    const one = cancels.register(() => told.push("one"), 0);
    const two = cancels.register(() => told.push("two"), 2);
    expect([one.key.length, two.key.length]).toEqual([4, 32]);
    expect(cancels.cancel({ processId: one.processId, key: two.key })).toBe(false);
    expect(cancels.cancel(two)).toBe(true);
    expect(cancels.cancelByHash(hashOfCancelKey(one))).toBe(true);
    expect(cancels.cancelByHash("not a hash")).toBe(false);
    one.forget();
    expect(cancels.cancel(one)).toBe(false);
    expect(told).toEqual(["two", "one"]);
  });
});

describe("Usage", () => {
  it("counts the last hour by minutes", () => {
    let now = 0;
    const usage = new Usage(() => now);
    usage.addStatement("a");
    usage.addRows("a", 5);
    now = 30 * minuteMs;
    usage.addRows("a", 7);
    expect(usage.lastHour("a")).toEqual({ rowsLastHour: 12, statementsLastHour: 1 });
    now = 60 * minuteMs;
    expect(usage.lastHour("a")).toEqual({ rowsLastHour: 7, statementsLastHour: 0 });
    now = 500 * minuteMs;
    expect(usage.lastHour("a")).toEqual({ rowsLastHour: 0, statementsLastHour: 0 });
    expect(usage.lastHour("b")).toEqual({ rowsLastHour: 0, statementsLastHour: 0 });
  });
});

describe("names of prepared statements", () => {
  const prepared = (sql: string): Prepared => ({ sql }) as Prepared;

  it("mean what they meant before when the upstream refuses a Parse", () => {
    const { statements } = new SessionObjects();
    statements.propose("s", prepared("old"), 0);
    statements.confirm("s");
    statements.propose("s", prepared("new"), 1);
    expect(statements.get("s")?.sql).toBe("new");
    statements.dropPending(1);
    expect(statements.get("s")?.sql).toBe("old");
  });

  it("keep what a later segment proposes when an earlier one fails", () => {
    const { statements } = new SessionObjects();
    statements.propose("s", prepared("first"), 1);
    statements.propose("s", prepared("second"), 2);
    statements.dropPending(1);
    expect(statements.get("s")?.sql).toBe("second");
  });

  it("are gone when a Close is confirmed, and at once for messages behind it", () => {
    const { statements } = new SessionObjects();
    statements.propose("s", prepared("old"), 0);
    statements.confirm("s");
    statements.propose("s", null, 1);
    expect(statements.get("s")).toBeUndefined();
    expect(statements.confirm("s")?.sql).toBe("old");
    expect(statements.size).toBe(0);
  });
});

describe("Flusher", () => {
  const link = (sent: string[], name: string) => ({
    marked: false,
    flushNow: () => void sent.push(name),
    take: () => () => void sent.push(name),
    onJournalFailure: () => void sent.push(`${name} failed`),
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const journal = (commit: () => undefined | Promise<void>) => ({ commit, append: () => 0, appendLeaf: () => 0 });

  it("writes the journal once for all that want to send in a turn, before any of them sends", async () => {
    const events: string[] = [];
    const flusher = new Flusher(journal(() => void events.push("commit")));
    flusher.mark(link(events, "a"));
    flusher.mark(link(events, "b"));
    expect(events).toEqual([]);
    await turn();
    expect(events).toEqual(["commit", "a", "b"]);
  });

  it("sends nothing when the journal cannot be written", async () => {
    const events: string[] = [];
    const flusher = new Flusher(
      journal(() => {
        throw new Error("disk full");
      }),
    );
    flusher.mark(link(events, "a"));
    await turn();
    expect(events).toEqual(["a failed"]);
  });

  it("waits for a journal that answers later", async () => {
    const events: string[] = [];
    let done: () => void = () => undefined;
    const flusher = new Flusher(journal(() => new Promise<void>((resolve) => (done = resolve))));
    flusher.mark(link(events, "a"));
    await turn();
    expect(events).toEqual([]);
    done();
    await turn();
    expect(events).toEqual(["a"]);
  });
});

describe("readSearchPath", () => {
  it.each([
    ['"$user", public', ["$user", "public"]],
    ["App, public", ["app", "public"]],
    ['"A ""b"", c",x', ['A "b", c', "x"]],
    ['""', []],
    ["", []],
  ])("reads %s", (text, path) => {
    expect(readSearchPath(text)).toEqual(path);
  });
});

describe("timeFacts", () => {
  it.each([
    [0, { epochSeconds: 0, hour: 0, weekday: 4 }],
    [Date.UTC(2026, 0, 5, 13), { epochSeconds: Date.UTC(2026, 0, 5, 13) / 1_000, hour: 13, weekday: 1 }],
    [Date.UTC(2026, 0, 4, 23, 59), { epochSeconds: Date.UTC(2026, 0, 4, 23, 59) / 1_000, hour: 23, weekday: 7 }],
  ])("reads %s", (epochMs, facts) => {
    expect(timeFacts(epochMs)).toEqual(facts);
  });
});

describe("readStartupSettings", () => {
  const read = (more: Record<string, string>) =>
    readStartupSettings(new Map(Object.entries({ user: "bot", database: "shop", ...more })));

  it("passes settings on and keeps its own", () => {
    const settings = read({
      options: "-c statement_timeout=5s --countersign.wait=3",
      DateStyle: "ISO",
      application_name: "x",
    });
    expect(settings).toMatchObject({ ok: true, applicationName: "x", kept: { waitSeconds: 3 } });
    expect(settings.ok && Object.fromEntries(settings.upstream)).toEqual({
      statement_timeout: "5s",
      datestyle: "ISO",
      application_name: "x",
      client_encoding: "UTF8",
      standard_conforming_strings: "on",
      transform_null_equals: "off",
    });
  });

  it("reads break-glass behind its reason, in whatever order they come", () => {
    const options = "-c countersign.break_glass=on -c countersign.reason=nobody\\ else\\ is\\ awake\\ now";
    expect(read({ options })).toMatchObject({ ok: true, kept: { breakGlass: true } });
  });

  it.each([
    ["no user", { user: "" }, "28000"],
    ["no database", { database: "" }, "3D000"],
    ["replication", { replication: "true" }, "0A000"],
    ["another encoding", { client_encoding: "LATIN1" }, "22023"],
    ["a pinned setting", { standard_conforming_strings: "off" }, "22023"],
    ["another role", { role: "postgres" }, "42501"],
    ["a setting of the server's", { options: "-c log_statement=all" }, "42501"],
    ["switches of the server's", { options: "-F" }, "42601"],
    ["the key of masks", { options: "-c countersign.token_key=x" }, "22023"],
  ])("refuses %s", (_what, more, sqlstate) => {
    expect(read(more)).toMatchObject({ ok: false, sqlstate });
  });

  it.each(["UTF8", "utf-8", "'utf-8'", "unicode", "SQL_ASCII"])("accepts client_encoding %s and pins UTF8", (value) => {
    expect(read({ client_encoding: value }).ok).toBe(true);
  });
});

describe("readUpstreamUrl", () => {
  it("reads every part and undoes escapes", () => {
    expect(readUpstreamUrl("postgres://u%40x:p%3A1@[::1]:6000/d%20b?sslmode=verify-full")).toEqual({
      host: "::1",
      port: 6000,
      user: "u@x",
      password: "p:1",
      database: "d b",
      sslMode: "verify-full",
      rootCertificates: null,
    });
  });

  it.each(["mysql://x/y", "no address", "postgres://u:secret@h/d?sslmode=maybe"])(
    "refuses %s without repeating it",
    (url) => {
      expect(() => readUpstreamUrl(url)).toThrow(/^(?!.*secret)/);
    },
  );
});

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalRequest } from "@/e2e/fixtures/approval-request";
import { type BundledProgram, bundleProgram } from "@/e2e/fixtures/bundle-program";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { childEnv } from "@/lib/env";
import { openApproval } from "@/lib/store/approvals";
import { sequenceOnce } from "@/lib/store/sequencer";

type Ended = { code: number; stdout: string; stderr: string };

let store: TestStore;
let program: BundledProgram;
let folder: string;
let home: string;
const tokens: Record<string, string> = {};

function run(args: string[], settings: Record<string, string | undefined> = {}): Promise<Ended> {
  const env = childEnv({ ...store.settings, COUNTERSIGN_HOME: home, COUNTERSIGN_TOKEN: undefined, ...settings });
  return new Promise((resolve) => {
    execFile(process.execPath, [program.path, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

async function json(
  args: string[],
  settings: Record<string, string | undefined> = {},
): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run([...args, "--json"], settings);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  program = await bundleProgram("bin/countersign.ts");
  folder = program.folder;
  home = join(folder, "home");
  store = await testStore();
  await store.asSuperuser("create database shop");
  const shop = new Client({ connectionString: store.server.url("shop") });
  await shop.connect();
  await shop.query("create table orders (id int primary key, note text)");
  await shop.end();
}, 60_000);
afterAll(async () => {
  await store?.stop();
  program?.remove();
});

describe("countersign", () => {
  it("sets up an installation from nothing", async () => {
    expect(await json(["migrate"])).toMatchObject({ applied: [] });
    for (const name of ["security", "agents"]) await json(["group", "add", name]);
    await json(["person", "add", "Admin@example.com", "--role", "admin"]);
    await json(["person", "add", "sec@example.com", "--role", "reviewer", "--group", "security"]);
    await json(["agent", "add", "robot", "--owner", "admin@example.com", "--group", "agents"]);
    const url = store.server.url("shop");
    const added = await json([
      "database",
      "add",
      "shop",
      "--url",
      url,
      "--label",
      "env=production",
      "--role",
      "agents=postgres",
    ]);
    expect(added).toMatchObject({ replaced: false, outcome: "synced", relations: 1 });
    expect(await json(["database", "sync", "shop"])).toMatchObject({ changed: false });
    for (const principal of ["admin@example.com", "sec@example.com", "robot"]) {
      const issued = await json(["token", "issue", principal, "--ttl", "24h"]);
      tokens[principal] = String(issued.token);
      expect(issued.token).toMatch(/^cst_/);
    }
    const lists = await Promise.all(
      ["group", "database", "person", "agent", "token"].map((what) => run([what, "list"])),
    );
    expect(lists.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    const printed = lists.map(({ stdout }) => stdout).join("\n");
    expect(printed).toContain("robot");
    expect(printed).not.toContain(decodeURIComponent(new URL(url).password));
    for (const secret of Object.values(tokens)) expect(printed).not.toContain(secret);
  });

  it.each([
    [["group", "add", "security"], /already/],
    [["person", "add", "nobody", "--role", "admin"], /not an e-mail/],
    [["person", "add", "x@example.com", "--role", "king"], /Allowed choices/],
    [["person", "add", "x@example.com"], /required option/],
    [["person", "add", "x@example.com", "--role", "admin", "--group", "nope"], /no group named nope/],
    [["agent", "add", "Robot", "--owner", "admin@example.com"], /lower-case/],
    [["database", "add", "two", "--url", "mysql://u:hunter2@h/d"], /must start with postgres/],
    [["database", "sync", "nope"], /no database named nope/],
    [["token", "issue", "nobody"], /no agent named nobody/],
    [["token", "issue", "robot", "--ttl", "soon"], /24h/],
    [["token", "revoke", "nope"], /no such token/],
    [["apply", "/nowhere", "--dry-run"], /not a folder/],
    [["approval", "review", "x", "--approve"], /not the number/],
    [["approval", "review", "1"], /say --approve or --deny/],
    [["approval", "review", "1", "--approve"], /COUNTERSIGN_TOKEN/],
    [["approval", "review", "1", "--approve", "--as", "sec@example.com"], /beside a running demo/],
    [["frobnicate"], /unknown command/],
    [["serve", "kitchen"], /Allowed choices/],
  ])("answers %j with exit code 2 and says why", async (args, why) => {
    const { code, stderr } = await run(args);
    expect(stderr).toMatch(why);
    expect(stderr).not.toContain("hunter2");
    expect(code).toBe(2);
  });

  it("answers 2 with every wrong setting in a line of its own, and 3 where the store is away", async () => {
    const wrong = await run(["group", "list"], { BROKER_PORT: "x", DATABASE_URL: "mysql://u:hunter2@h" });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr.trim().split("\n")).toHaveLength(2);
    expect(wrong.stderr).not.toContain("hunter2");
    expect(await run(["group", "list"], { DATABASE_URL: undefined })).toMatchObject({ code: 2 });
    const away = await run(["group", "list", "--json"], { DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/x" });
    expect(away).toMatchObject({ code: 3 });
    expect(JSON.parse(away.stdout)).toMatchObject({ error: [expect.stringMatching(/cannot be reached/)] });
    expect(away.stderr).not.toContain("hunter2");
  });

  it("explains itself with --help and ends with 0", async () => {
    for (const args of [
      ["--help"],
      ["token", "--help"],
      ["database", "add", "--help"],
      ["approval", "review", "--help"],
    ]) {
      expect(await run(args), args.join(" ")).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage:") });
    }
  });

  it("applies a bundle as the person of the token, and a bad one changes nothing", async () => {
    const dir = join(folder, "bundle");
    mkdirSync(join(dir, "tests"), { recursive: true });
    writeFileSync(
      join(dir, "reads.cedar"),
      `@id("sessions") permit (principal, action in Action::"session", resource);
@id("reads") permit (principal in Group::"agents", action in Action::"read", resource in Database::"shop");`,
    );
    const test = (expected: string) =>
      `- { name: robots read, principal: agent/robot, database: shop, statement: SELECT id FROM orders, expect: ${expected} }\n`;
    writeFileSync(join(dir, "tests", "reads.yaml"), test("allow"));
    expect(await json(["apply", dir, "--dry-run"])).toMatchObject({ dryRun: true, activeVersion: null });
    expect(await run(["apply", dir])).toMatchObject({ code: 2 });
    expect(await run(["apply", dir], { COUNTERSIGN_TOKEN: tokens["sec@example.com"] })).toMatchObject({ code: 2 });
    expect(await run(["apply", dir], { COUNTERSIGN_TOKEN: tokens.robot })).toMatchObject({ code: 2 });
    const admin = { COUNTERSIGN_TOKEN: tokens["admin@example.com"] };
    expect(await json(["apply", dir], admin)).toMatchObject({ version: 1, activeVersion: 1 });
    expect(await json(["apply", dir], admin)).toMatchObject({ version: 1, changed: [] });
    expect(await json(["policy", "test", dir])).toMatchObject({ passed: 1, failed: 0 });
    writeFileSync(join(dir, "tests", "reads.yaml"), test("deny"));
    expect(await run(["policy", "test", dir])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("expected deny, got allow"),
    });
    writeFileSync(join(dir, "broken.cedar"), `permit (principal, action in Action::"raed", resource)`);
    const refused = await run(["apply", dir], admin);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/broken\.cedar/);
    expect((await store.asOwner("select version, status from bundle")).rows).toEqual([
      { version: 1, status: "active" },
    ]);
  });

  it("reviews under the console's rules and records channel and operating-system user", async () => {
    const { id } = await openApproval(approvalRequest({ principal: "agent/robot", owner: "admin@example.com" }));
    const listed = await run(["approval", "list"]);
    expect(listed.stdout).toMatch(/agent\/robot/);
    expect(listed.stdout).not.toContain("hunter2");
    const review = ["approval", "review", String(id)];
    const own = await run([...review, "--approve"], { COUNTERSIGN_TOKEN: tokens["admin@example.com"] });
    expect(own).toMatchObject({ code: 2, stderr: expect.stringContaining("your own request") });
    const security = { COUNTERSIGN_TOKEN: tokens["sec@example.com"] };
    expect(await run([...review, "--deny"], security)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("needs a reason"),
    });
    expect(await json([...review, "--approve", "--reason", "fine"], security)).toMatchObject({ status: "approved" });
    const { rows } = await store.asOwner(
      "select leaf::jsonb as leaf from audit_inbox where leaf::jsonb ->> 'kind' = 'approval.reviewed'",
    );
    expect(rows[0].leaf).toMatchObject({ actor: "person/sec@example.com", channel: "cli", osUser: expect.any(String) });
  });

  it("exports a period as JSON lines and as a table, and records that it did", async () => {
    const owner = new Client({ connectionString: store.ownerUrl });
    await owner.connect();
    await sequenceOnce(owner);
    await owner.end();
    const file = join(folder, "events.jsonl");
    const made = await json(["audit", "export", "--from", "2020-01-01", "--output", file]);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    expect(made.rows).toBe(lines.length);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      position: 0,
      event: { kind: "group.added", actor: "system/cli" },
    });
    const csv = await run(["audit", "export", "--from", "2020-01-01", "--format", "csv"]);
    expect(csv.stdout.split("\n")[0]).toBe(
      "position,at,kind,actor,database,decision,policies,approval,entry,statement,rows,duration_ms,sqlstate",
    );
    expect(await run(["audit", "export", "--from", "2020-01-01", "--output", file])).toMatchObject({ code: 2 });
    const { rows } = await store.asOwner("select count(*)::int as n from audit_inbox where leaf like '%export.made%'");
    expect(rows[0].n).toBe(2);
  });

  it("revokes a token", async () => {
    const [token] = JSON.parse((await run(["token", "list", "--principal", "robot", "--json"])).stdout);
    expect(await json(["token", "revoke", token.id, "--reason", "done"])).toMatchObject({ revoked: true });
    expect(await run(["token", "revoke", token.id])).toMatchObject({ code: 2 });
  });
});

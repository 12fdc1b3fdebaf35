import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type BundledProgram, bundleProgram } from "@/e2e/fixtures/bundle-program";
import { type TestStore, testStore } from "@/e2e/fixtures/store";
import { childEnv } from "@/lib/env";
import { listHeartbeats } from "@/lib/store/heartbeats";

let program: BundledProgram;
let store: TestStore;
beforeAll(async () => {
  program = await bundleProgram("workers/main.ts");
  store = await testStore();
}, 60_000);
afterAll(async () => {
  await store?.stop();
  program?.remove();
});

type Started = { child: ChildProcess; output: { out: string; err: string }; ended: Promise<number | null> };

function start(settings: Record<string, string | undefined> = {}): Started {
  const home = join(program.folder, "home");
  const env = childEnv({ ...store.settings, COUNTERSIGN_HOME: home, ...settings });
  const child = spawn(process.execPath, [program.path], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    output.out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    output.err += String(chunk);
  });
  return { child, output, ended: new Promise((resolve) => child.once("close", resolve)) };
}

describe("the workers' program", () => {
  it("says when it is ready, and ends in order when asked to", async () => {
    const { child, output, ended } = start();
    await expect.poll(() => output.out, { timeout: 25_000 }).toMatch(/\n$/);
    expect(JSON.parse(output.out)).toMatchObject({ ready: "workers", pid: child.pid });
    expect(await listHeartbeats()).toHaveLength(1);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await listHeartbeats()).toEqual([]);
  });

  it.each([
    [2, "a setting is missing", { DATABASE_OWNER_URL: undefined }, /DATABASE_OWNER_URL must be set/],
    [2, "a setting is wrong", { SMTP_URL: "mail.example" }, /SMTP_URL must be a URL/],
    [3, "the store is away", { DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/x" }, /ECONNREFUSED|cannot be reached/],
  ])("ends with %i where %s, and says so", async (code, _title, settings, why) => {
    const { output, ended } = start(settings);
    expect(await ended).toBe(code);
    expect(output.err).toMatch(why);
    expect(output.err).not.toContain("hunter2");
  });
});

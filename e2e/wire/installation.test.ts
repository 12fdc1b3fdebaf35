import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { childEnv } from "@/lib/env";
import { packageRoot } from "@/lib/package-root";
import { stack } from "../fixtures/stack";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A start that must not get far. */
function start(settings: Record<string, string>): { code: number | null; lines: string[] } {
  const env = childEnv({ COUNTERSIGN_HOME: folder, CONSOLE_PORT: "0", BROKER_PORT: "0", ...settings });
  const done = spawnSync(process.execPath, [join(packageRoot(), "dist/countersign.js"), "up"], {
    env: env as NodeJS.ProcessEnv,
    encoding: "utf8",
    timeout: 30_000,
  });
  return { code: done.status, lines: done.stderr.trim().split("\n") };
}

describe("a start that cannot succeed", () => {
  it("names the process that has the home already", async () => {
    const { pid } = await stack();
    const { code, lines } = start({ COUNTERSIGN_HOME: inject("home") });
    expect(code).toBe(2);
    expect(lines).toEqual([expect.stringContaining(`in use by process ${pid}: stop it`)]);
    expect(existsSync(join(inject("home"), "demo.json"))).toBe(true);
  });

  it("names the port that is taken and the setting that changes it, before anything is started", async () => {
    const demo = await stack();
    const taken = start({ BROKER_PORT: String(demo.broker.port) });
    expect(taken.code).toBe(2);
    expect(taken.lines).toEqual([expect.stringMatching(new RegExp(`port ${demo.broker.port} is taken.*BROKER_PORT`))]);
    expect(existsSync(join(folder, "postgres"))).toBe(false);
  });

  it("lists every wrong setting", () => {
    const { code, lines } = start({ CONSOLE_PORT: "http", REDIS_URL: "localhost", AUTH_SECRET: "short" });
    expect(code).toBe(2);
    expect(lines).toHaveLength(3);
    for (const name of ["CONSOLE_PORT", "REDIS_URL", "AUTH_SECRET"]) expect(lines.join("\n")).toContain(name);
  });

  it("names the command that moves a damaged home aside, and deletes nothing", () => {
    mkdirSync(join(folder, "postgres"));
    writeFileSync(join(folder, "postgres/PG_VERSION"), "18\n");
    const { code, lines } = start({});
    expect(code).toBe(2);
    expect(lines).toEqual([expect.stringContaining(`mv '${folder}' '${folder}.damaged'`)]);
    expect(readdirSync(join(folder, "postgres"))).toEqual(["PG_VERSION"]);
  });
});

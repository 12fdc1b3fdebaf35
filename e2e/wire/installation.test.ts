import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, inject, it } from "vitest";
import { packageRoot } from "@/lib/package-root";
import { stack } from "../fixtures/stack";

const exitMsMax = 60_000;
const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "countersign-installation-"));
  folders.push(made);
  return made;
};

/** Runs `countersign up` and waits for it to give up. */
const up = (env: Record<string, string>): Promise<{ code: number | null; lines: string[] }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageRoot(), "dist/countersign.js"), "up"], {
      cwd: packageRoot(),
      env: { ...process.env, NODE_ENV: "production", ...env } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += String(chunk);
    });
    const timer = setTimeout(() => reject(new Error(`still running, having said: ${said}`)), exitMsMax);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, lines: said.split("\n").filter((line) => line.trim() !== "") });
    });
  });

describe("an installation that cannot start", () => {
  it("says that the home is in use, by whom, and what to do", async () => {
    const { code, lines } = await up({ COUNTERSIGN_HOME: inject("home"), CONSOLE_PORT: "0", BROKER_PORT: "0" });
    expect(code).toBe(2);
    expect(lines.at(-1)).toMatch(/in use/);
    expect(lines.at(-1)).toMatch(/\d+/);
    expect(existsSync(join(inject("home"), "demo.json"))).toBe(true);
  });

  it("names the port that is taken and the variable that chooses another", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) =>
      taken.listen(0, "127.0.0.1", () => resolve((taken.address() as { port: number }).port)),
    );
    for (const variable of ["CONSOLE_PORT", "BROKER_PORT"]) {
      const home = join(folder(), "home");
      const { code, lines } = await up({
        COUNTERSIGN_HOME: home,
        CONSOLE_PORT: "0",
        BROKER_PORT: "0",
        [variable]: String(port),
      });
      expect(code).toBe(2);
      expect(lines.at(-1)).toContain(String(port));
      expect(lines.at(-1)).toContain(variable);
    }
    taken.close();
  });

  it("lists wrong environment values by name, without repeating them", async () => {
    const { code, lines } = await up({
      COUNTERSIGN_HOME: join(folder(), "home"),
      CONSOLE_PORT: "many",
      SMTP_URL: "ftp://user:secret-value@example.com",
    });
    expect(code).toBe(2);
    expect(lines.join("\n")).toContain("CONSOLE_PORT");
    expect(lines.join("\n")).toContain("SMTP_URL");
    expect(lines.join("\n")).not.toContain("secret-value");
  });

  it.each([
    ["settings that cannot be read", (home: string) => writeFileSync(join(home, "settings.json"), "{ half")],
    ["a database without its keys", (home: string) => mkdirSync(join(home, "postgres"))],
  ])("names a damaged home (%s) with the command that moves it aside, and deletes nothing", async (_, damage) => {
    const home = join(folder(), "home");
    mkdirSync(home);
    damage(home);
    const before = readdirSync(home);
    const { code, lines } = await up({ COUNTERSIGN_HOME: home, CONSOLE_PORT: "0", BROKER_PORT: "0" });
    expect(code).toBe(2);
    expect(lines.at(-1)).toContain("damaged");
    expect(lines.at(-1)).toMatch(/mv .*home/);
    expect(readdirSync(home)).toEqual(expect.arrayContaining(before));
  });
});

describe("demo.json", () => {
  it("tells other programs where everything is and keeps to the agreed names", async () => {
    const demo = await stack();
    expect(demo.console).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.principals.map((one) => one.name)).toEqual(
      expect.arrayContaining(["reporting-agent", "maintenance-agent"]),
    );
    for (const one of demo.principals) expect(one.dsn).toMatch(/^postgres:\/\/.+@127\.0\.0\.1:\d+\/shop$/);
  });
});

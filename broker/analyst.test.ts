import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BundledProgram, bundleProgram } from "@/e2e/fixtures/bundle-program";
import { memoryBroker } from "@/e2e/fixtures/memory-broker";
import { errorsOf, type RawClient } from "@/e2e/fixtures/raw-client";
import { nestingMax } from "@/lib/sql/nesting";
import { startAnalyst } from "./analyst";

/** The real worker, which some texts bring down before it answers. */
const saboteur = `
import { parentPort } from "node:worker_threads";
import "./analysis-worker.js";
parentPort.on("message", ({ kind, input }) => {
  if (kind !== "analyze") return;
  if (input.sql.includes("'dies'")) process.exit(3);
  if (input.sql.includes("'stalls'")) for (;;);
  if (input.sql.includes("'throws'")) throw new Error("a fault of the worker");
});`;
const analysisMsMax = 700;
const bundle = { "main.cedar": '@id("all") permit (principal, action, resource);' };

let program: BundledProgram;
let broker: Awaited<ReturnType<typeof memoryBroker>>;
let client: RawClient;

beforeAll(async () => {
  program = await bundleProgram("broker/analysis-worker.ts");
  const path = join(program.folder, "saboteur.mjs");
  writeFileSync(path, saboteur);
  const analyst = startAnalyst({ script: pathToFileURL(path), workers: 1, analysisMsMax });
  broker = await memoryBroker({ bundle, sql: "create table t (id int)", groups: [], agents: { bot: [] }, analyst });
  client = await broker.raw("bot");
});

afterAll(async () => {
  client?.destroy();
  await broker?.stop();
  program?.remove();
});

const run = async (sql: string): Promise<string> => {
  const [error] = errorsOf(await client.run(sql));
  return error === undefined ? "ran" : error.C!;
};

describe("an analysis worker", () => {
  it.each(["dies", "stalls", "throws"])(
    "is replaced when it %s, and its statement refused with ZS003",
    async (fault) => {
      const began = performance.now();
      expect(await run(`select '${fault}'`)).toBe("ZS003");
      expect(performance.now() - began).toBeLessThan(analysisMsMax * 3);
      await expect.poll(() => run(`select id as after_${fault} from t`), { timeout: 10_000 }).toBe("ran");
    },
  );

  it("refuses what waits behind a fault, and nobody waits for ever", async () => {
    const others = await Promise.all([1, 2, 3].map(() => broker.raw("bot")));
    const stalled = run("select 'stalls'");
    const behind = others.map(async (other, at) => errorsOf(await other.run(`select ${at} as behind_${at}`))[0]?.C);
    expect(await stalled).toBe("ZS003");
    expect(await Promise.all(behind)).toEqual(["ZS003", "ZS003", "ZS003"]);
    await expect.poll(() => run("select id as after_all from t"), { timeout: 10_000 }).toBe("ran");
    for (const other of others) other.destroy();
  });

  it.each([
    ["NOTs nested beyond the bound", `select ${"not ".repeat(nestingMax + 1)} true`],
    ["brackets nested beyond the bound", `select ${"(".repeat(nestingMax + 1)} 1 ${")".repeat(nestingMax + 1)}`],
    ["a chain of 20,000 operators", `select 1 ${"+ 1 ".repeat(20_000)}`],
    ["20,000 nested casts", `select 1${"::int".repeat(20_000)}`],
  ])("refuses %s, and the next statement works", async (what, sql) => {
    expect(await run(sql)).toBe("54001");
    expect(await run(`select id as "after ${what}" from t`)).toBe("ran");
  });

  it("answers 800 nested NOTs, whose tree would be too deep to hand to another thread", async () => {
    expect(await run(`select ${"not ".repeat(800)} true`)).toBe("ran");
    expect(await run("select id as after_nots from t")).toBe("ran");
  });

  it("keeps prepared and cached statements running while it is replaced", async () => {
    expect(await run("select id as cached from t")).toBe("ran");
    const other = await broker.raw("bot");
    const stalled = other.run("select 'stalls'");
    expect(await run("select id as cached from t")).toBe("ran");
    expect(errorsOf(await stalled)[0]?.C).toBe("ZS003");
    other.destroy();
  });
});

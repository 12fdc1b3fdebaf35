import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { errorsOf } from "../fixtures/raw-client";
import { ownBroker, store } from "../fixtures/stack";

/** a journal that refused is tried again within this */
const retryMs = 600;
const fillBytes = 4 * 1024;

const folder = mkdtempSync(join(tmpdir(), "countersign-small-disk-"));
const mounted =
  process.getuid?.() === 0 && spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]).status === 0;
const why = mounted ? "" : " (skipped: a small disk can only be mounted as root)";

let broker: Awaited<ReturnType<typeof ownBroker>> | undefined;

afterEach(async () => {
  await broker?.stop();
  broker = undefined;
  if (mounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true, force: true });
});

/** Takes every byte that is left, until `free` is called. */
function fillDisk(): { free(): void } {
  const files: string[] = [];
  const left = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  while (left() > 0) {
    const path = join(folder, `filling-${files.length}`);
    try {
      writeFileSync(path, Buffer.alloc(Math.min(left(), files.length === 0 ? left() : fillBytes)));
    } catch {
      break;
    } finally {
      if (existsSync(path)) files.push(path);
    }
  }
  return {
    free: () => {
      for (const path of files) rmSync(path, { force: true });
    },
  };
}

const recorded = async (broker: string, kind: string): Promise<number> =>
  Number(
    (
      await store(
        `SELECT count(DISTINCT entry_id)::int AS n FROM audit_event WHERE leaf LIKE '%${broker}%' AND kind = '${kind}'`,
      )
    )[0]!.n,
  );

describe("the broker's journal", () => {
  it.skipIf(!mounted)(
    `refuses statements with ZS003 while its disk is full, and loses none that ran${why}`,
    async () => {
      broker = await ownBroker({ COUNTERSIGN_HOME: folder });
      const { id } = broker;
      const client = await broker.login("engineer");
      expect(errorsOf(await client.run("SELECT count(*) FROM orders"))).toEqual([]);
      const disk = fillDisk();
      const outcomes: (string | undefined)[] = [];
      let refusal: Record<string, string> | undefined;
      for (let round = 0; round < 400 && refusal === undefined; round++) {
        const [error] = errorsOf(await client.run(`SELECT ${round} FROM orders LIMIT 1`));
        outcomes.push(error?.C);
        refusal = error;
      }
      expect(refusal).toMatchObject({ C: "ZS003" });
      expect(refusal!.H).toContain("make room");
      for (let round = 0; round < 5; round++) {
        expect(errorsOf(await client.run("SELECT 'still full' FROM orders LIMIT 1"))[0]).toMatchObject({ C: "ZS003" });
      }
      disk.free();
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      expect(errorsOf(await client.run("SELECT 'room again' FROM orders LIMIT 1"))).toEqual([]);
      const ran = outcomes.filter((code) => code === undefined).length + 2;
      await expect.poll(() => recorded(id, "statement.opened"), { timeout: 20_000 }).toBeGreaterThanOrEqual(ran);
      await expect
        .poll(async () => (await recorded(id, "statement.opened")) - (await recorded(id, "statement.closed")), {
          timeout: 20_000,
        })
        .toBeLessThanOrEqual(0);
      client.destroy();
    },
  );

  it("is on the disk before a statement runs, with JOURNAL_DURABILITY=disk", async () => {
    broker = await ownBroker({ JOURNAL_DURABILITY: "disk" });
    const { id } = broker;
    const clients = await Promise.all([1, 2, 3, 4].map(() => broker!.login("reporting-agent")));
    const runs = clients.map(async (client) => {
      for (let round = 0; round < 50; round++) {
        expect(errorsOf(await client.run(`SELECT ${round} FROM orders LIMIT 1`))).toEqual([]);
      }
    });
    await Promise.all(runs);
    await broker.kill();
    await broker.restart();
    await expect.poll(() => recorded(id, "statement.opened"), { timeout: 20_000 }).toBe(200);
    await expect.poll(() => recorded(id, "statement.closed"), { timeout: 20_000 }).toBe(200);
    for (const client of clients) client.destroy();
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readRecord } from "@/lib/audit/journal-record";
import { leafOf } from "@/lib/audit/leaf";
import { type Journal, JournalUnwritable, openJournal } from "./journal";
import { recordsOffset } from "./journal/segment-file";

const disk = vi.hoisted(() => ({ full: false, partial: 0 }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (fd: number, bytes: Buffer, offset: number, length: number, position: number) => {
    if (!disk.full) return fs.writeSync(fd, bytes, offset, length, position);
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    if (disk.partial === 0) throw error;
    const written = fs.writeSync(fd, bytes, offset, Math.min(length, disk.partial), position);
    disk.partial = 0;
    return written;
  };
  return { ...fs, default: fs, writeSync };
});

const uuid = (at: number) => `0190d0a0-0000-7000-8000-${at.toString(16).padStart(12, "0")}`;
const opened = (entry: number, decision = "allow") =>
  leafOf({ id: uuid(entry), kind: "statement.opened", actor: "agent/a", entryId: uuid(entry), decision, masked: [] });
const closed = (entry: number) => leafOf({ id: uuid(entry + 1e6), kind: "statement.closed", entryId: uuid(entry) });

let dir: string;
let journals: Journal[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "countersign-journal-"));
});
afterEach(async () => {
  disk.full = false;
  vi.useRealTimers();
  for (const journal of journals) await journal.close().catch(() => undefined);
  journals = [];
  rmSync(dir, { recursive: true, force: true });
});

function start(options: Partial<Parameters<typeof openJournal>[0]> = {}): Journal {
  const journal = openJournal({ dir, brokerId: "b1", durability: "process", ...options });
  journals.push(journal);
  return journal;
}

type Leaf = { start: number; sequence: number; kind: string; entryId?: string; outcome?: string; alarm?: string };

function readAll(journal: Journal): Leaf[] {
  const leaves: Leaf[] = [];
  for (const { path, bytes } of journal.segments()) {
    const whole = readFileSync(path).subarray(0, bytes);
    for (let at = recordsOffset(whole)!; at < whole.length; ) {
      const read = readRecord(whole, at);
      if (read.status !== "record") break;
      const { start, sequence, leaf } = read.record;
      leaves.push({ ...JSON.parse(leaf.toString()), start, sequence });
      at = read.end;
    }
  }
  return leaves;
}

describe("the journal", () => {
  it("numbers records without gaps from 1 and begins with the broker's start", () => {
    const journal = start();
    for (let entry = 0; entry < 100; entry++) journal.appendLeaf(uuid(entry), opened(entry));
    expect(readAll(journal)).toHaveLength(1);
    journal.commit();
    const leaves = readAll(journal);
    expect(leaves[0]).toMatchObject({ kind: "broker.started", start: journal.start });
    expect(leaves.map((leaf) => leaf.sequence)).toEqual(Array.from({ length: 101 }, (_, at) => at + 1));
  });

  it("writes on a disk durability what resolves only after it is synced", async () => {
    const journal = start({ durability: "disk" });
    journal.appendLeaf(uuid(1), opened(1));
    const first = journal.commit();
    journal.appendLeaf(uuid(2), opened(2));
    const second = journal.commit();
    expect(first).toBeInstanceOf(Promise);
    await Promise.all([first, second]);
    expect(readAll(journal)).toHaveLength(3);
  });

  it("begins new segments, and a restart knows from the newest alone what was open", async () => {
    const journal = start({ segmentBytesMax: 2_000 });
    journal.appendLeaf(uuid(7), opened(7));
    for (let entry = 100; entry < 160; entry++) {
      journal.appendLeaf(uuid(entry), opened(entry));
      journal.appendLeaf(uuid(entry + 1e6), closed(entry));
      journal.commit();
    }
    const segments = journal.segments();
    expect(segments.length).toBeGreaterThan(3);
    for (const segment of segments.slice(0, -1)) journal.discard(segment);
    await journal.close();
    const next = start();
    expect(next.start).toBeGreaterThan(journal.start);
    const closes = readAll(next).filter((leaf) => leaf.start === next.start && leaf.kind === "statement.closed");
    expect(closes).toMatchObject([{ entryId: uuid(7), outcome: "unknown" }]);
  });

  it("says cancelled, not unknown, of what was still held", async () => {
    const journal = start();
    journal.appendLeaf(uuid(1), opened(1, "hold"));
    const sessionId = uuid(9);
    const sessionLeaf = leafOf({ id: uuid(8), kind: "session.opened", actor: "agent/a", sessionId });
    journal.appendLeaf(uuid(8), sessionLeaf);
    await journal.close();
    const ended = readAll(start()).filter((leaf) => leaf.kind.endsWith(".closed"));
    expect(ended).toMatchObject([
      { entryId: uuid(1), outcome: "cancelled" },
      { kind: "session.closed", sessionId },
    ]);
  });

  it("closes what a crash left open exactly once over several restarts", async () => {
    const journal = start();
    journal.appendLeaf(uuid(1), opened(1));
    await journal.close();
    await start().close();
    const last = start();
    expect(readAll(last).filter((leaf) => leaf.kind === "statement.closed")).toHaveLength(1);
  });

  it("is written by one process only", async () => {
    const journal = start();
    expect(() => openJournal({ dir, brokerId: "b1", durability: "process" })).toThrow(/another broker/);
    await journal.close();
    writeFileSync(join(dir, "b1", "lock"), `${process.pid} 1/1`);
    expect(start().start).toBeGreaterThan(journal.start);
  });

  it.each([1, 7, 20])("drops a record that is torn by its last %i bytes and keeps the rest", async (cut) => {
    const journal = start();
    journal.appendLeaf(uuid(1), opened(1));
    journal.appendLeaf(uuid(2), opened(2));
    await journal.close();
    const { path, bytes } = journal.segments().at(-1)!;
    truncateSync(path, bytes - cut);
    const closes = readAll(start()).filter((leaf) => leaf.kind === "statement.closed");
    expect(closes.map((leaf) => leaf.entryId)).toEqual([uuid(1)]);
  });

  it("starts over a segment whose head is torn, with what the one before it left open", async () => {
    const journal = start();
    journal.appendLeaf(uuid(1), opened(1));
    await journal.close();
    appendFileSync(join(dir, "b1", `${String(journal.start).padStart(10, "0")}-000000000000099.journal`), "CSJ");
    expect(readAll(start()).filter((leaf) => leaf.kind === "statement.closed")).toHaveLength(1);
  });
});

describe("a journal on a full disk", () => {
  it.each([0, 150])(
    "refuses what would begin, keeps what ends, and goes on without a gap (%i bytes got through)",
    (partial) => {
      vi.useFakeTimers({ now: Date.now() });
      const journal = start();
      journal.appendLeaf(uuid(1), opened(1));
      journal.commit();
      journal.appendLeaf(uuid(2), opened(2));
      Object.assign(disk, { full: true, partial });
      expect(() => journal.commit()).toThrow(JournalUnwritable);
      expect(() => journal.appendLeaf(uuid(3), opened(3))).toThrow(JournalUnwritable);
      expect(journal.stats().fault).toMatch(/ENOSPC/);
      journal.appendLeaf(uuid(1e6 + 1), closed(1));
      journal.appendLeaf(uuid(1e6 + 2), closed(2));
      disk.full = false;
      vi.advanceTimersByTime(300);
      journal.appendLeaf(uuid(4), opened(4));
      journal.commit();
      const leaves = readAll(journal);
      expect(leaves.map((leaf) => leaf.sequence)).toEqual(leaves.map((_, at) => at + 1));
      expect(leaves.filter((leaf) => leaf.kind === "statement.closed")).toHaveLength(2);
      expect(leaves.filter((leaf) => leaf.entryId === uuid(3))).toHaveLength(0);
      expect(leaves.find((leaf) => leaf.kind === "alarm.raised")).toMatchObject({ alarm: "journal-unwritable" });
      expect(journal.stats().fault).toBeNull();
    },
  );

  it("counts what it had to give up once memory is full too, and says so in the record", () => {
    vi.useFakeTimers({ now: Date.now() });
    const journal = start();
    disk.full = true;
    const long = leafOf({ id: uuid(1), kind: "session.refused", detail: "x".repeat(50_000) });
    for (let at = 0; at < 500; at++) journal.appendLeaf(uuid(1), long);
    expect(journal.stats().dropped).toBeGreaterThan(0);
    disk.full = false;
    vi.advanceTimersByTime(300);
    journal.commit();
    journal.commit();
    expect(readAll(journal).at(-1)).toMatchObject({ alarm: "journal-dropped" });
  });

  it("refuses statements while too much waits to be shipped, until a segment is gone", () => {
    const journal = start({ segmentBytesMax: 5_000, journalBytesMax: 20_000 });
    const fill = () => {
      for (let entry = 0; entry < 1_000; entry++) {
        journal.appendLeaf(uuid(entry), opened(entry));
        journal.appendLeaf(uuid(entry + 1e6), closed(entry));
        journal.commit();
      }
    };
    expect(fill).toThrow(/wait to be shipped/);
    journal.discard(journal.segments()[0]!);
    expect(() => journal.appendLeaf(uuid(5), opened(5))).not.toThrow();
  });
});

const childSource = `
import { openJournal } from ${JSON.stringify(join(import.meta.dirname, "journal.ts"))};
const journal = openJournal({ dir: process.argv[2]!, brokerId: "b1", durability: process.argv[3] as "process", segmentBytesMax: 200_000 });
const id = journal.newId();
try {
  for (;;) {
    for (let at = 0; at < 50; at++) journal.appendLeaf(id, JSON.stringify({ at: "x".repeat(300), id, kind: "export.made" }));
    await journal.commit();
    process.stdout.write(journal.stats().sequence + "\\n");
    await new Promise((resolve) => setImmediate(resolve));
  }
} catch (error) {
  process.stdout.write((error as Error).name + "\\n");
}
`;

/** Appends in another process and returns what that process said last of each sort. */
async function appendUntil(command: string[], killAfterMs: number | null) {
  const script = join(dir, "child.mts");
  writeFileSync(script, childSource);
  const [program, ...args] = [...command, "--import", "tsx", script, dir];
  const durability = killAfterMs === null ? "process" : "disk";
  const child = spawn(program!, [...args, durability], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "" && killAfterMs !== null) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    output += text;
  });
  await once(child, "close");
  const lines = output.split("\n").slice(0, -1);
  return { acknowledged: Number(lines.findLast((line) => /^\d+$/.test(line))), last: lines.at(-1) };
}

describe("a killed broker", () => {
  it.each([30, 120])("loses nothing that it acknowledged (kill −9 after %i ms)", async (killAfterMs) => {
    const { acknowledged } = await appendUntil([process.execPath], killAfterMs);
    const journal = start();
    const sequences = readAll(journal)
      .filter((leaf) => leaf.start !== journal.start)
      .map((leaf) => leaf.sequence);
    expect(sequences.length).toBeGreaterThanOrEqual(acknowledged);
    expect(sequences).toEqual(sequences.map((_, at) => at + 1));
  });

  it("is told of a file that cannot grow, and everything acknowledged before is whole", async () => {
    const limited = ["sh", "-c", 'trap \'\' XFSZ; ulimit -f 100; exec "$0" "$@"', process.execPath];
    const { acknowledged, last } = await appendUntil(limited, null);
    expect(last).toBe("JournalUnwritable");
    const journal = start();
    expect(readAll(journal).filter((leaf) => leaf.start !== journal.start).length).toBeGreaterThanOrEqual(acknowledged);
    expect(acknowledged).toBeGreaterThan(50);
  });
});

import { describe, expect, it } from "vitest";
import type { FeedRow } from "@/lib/audit/feed-row";
import { addOlder, type FeedContent, rowsMax, showWaiting, takeLive } from "./merge-feed";

function row(position: number, change: Partial<FeedRow> = {}): FeedRow {
  return { entryId: `e${position}`, position: String(position), state: "running", ...change } as FeedRow;
}
const content: FeedContent = { rows: [row(9), row(8)], waiting: [], before: "8" };
const ids = (rows: FeedRow[]) => rows.map((each) => each.entryId);

describe("takeLive", () => {
  it("puts new statements on top, by position as a number", () => {
    expect(ids(takeLive(content, { rows: [row(11), row(10)], paused: false }).rows)).toEqual([
      "e11",
      "e10",
      "e9",
      "e8",
    ]);
  });

  it("changes what is shown in place, even while paused", () => {
    const next = takeLive(content, { rows: [row(8, { state: "ok" })], paused: true });
    expect(next.rows[1]?.state).toBe("ok");
    expect(next.waiting).toEqual([]);
  });

  it("lets new statements wait while paused, and changes them there", () => {
    const paused = takeLive(content, { rows: [row(10)], paused: true });
    expect(ids(paused.rows)).toEqual(["e9", "e8"]);
    const changed = takeLive(paused, { rows: [row(10, { state: "ok" }), row(11)], paused: true });
    expect(changed.waiting.map((each) => [each.entryId, each.state])).toEqual([
      ["e11", "running"],
      ["e10", "ok"],
    ]);
    expect(ids(showWaiting(changed).rows)).toEqual(["e11", "e10", "e9", "e8"]);
  });

  it("shows what waited as soon as it is no longer paused", () => {
    const paused = takeLive(content, { rows: [row(10)], paused: true });
    const next = takeLive(paused, { rows: [row(11)], paused: false });
    expect(ids(next.rows)).toEqual(["e11", "e10", "e9", "e8"]);
    expect(next.waiting).toEqual([]);
  });

  it("keeps the same content when nothing came", () => {
    expect(takeLive(content, { rows: [], paused: false })).toBe(content);
    expect(showWaiting(content)).toBe(content);
  });

  it("drops the oldest beyond the bound and remembers where they begin", () => {
    const many = Array.from({ length: rowsMax }, (_, index) => row(10 + index));
    const next = takeLive(content, { rows: many, paused: false });
    expect(next.rows).toHaveLength(rowsMax);
    expect(next.before).toBe("10");
  });
});

describe("addOlder", () => {
  it("adds what is not there yet", () => {
    const next = addOlder(content, { rows: [row(8), row(7)], before: null });
    expect(ids(next.rows)).toEqual(["e9", "e8", "e7"]);
    expect(next.before).toBeNull();
  });
});

import type { FeedRow } from "@/lib/audit/feed-row";

/** Rows that the browser keeps; older ones are fetched again when they are scrolled to. */
export const rowsMax = 5_000;

/** What the feed shows: rows newest first, and what came in while it was paused. */
export type FeedContent = {
  rows: FeedRow[];
  /** new statements that wait behind "▶ n new", newest first */
  waiting: FeedRow[];
  /** asked for the next older page; null at the beginning of the log */
  before: string | null;
};

/** Takes in live rows. Statements that are shown change in place, paused or not; new ones wait while paused. */
export function takeLive(content: FeedContent, { rows, paused }: { rows: FeedRow[]; paused: boolean }): FeedContent {
  if (rows.length === 0) return content;
  const changes = new Map(rows.map((row) => [row.entryId, row]));
  const shown = content.rows.map((row) => take(changes, row));
  const waiting = content.waiting.map((row) => take(changes, row));
  const fresh = [...changes.values()];
  if (paused) return { ...content, rows: shown, waiting: newestFirst([...fresh, ...waiting]).slice(0, rowsMax) };
  return bounded({ ...content, rows: newestFirst([...fresh, ...waiting, ...shown]), waiting: [] });
}

/** Shows what waited. */
export function showWaiting(content: FeedContent): FeedContent {
  if (content.waiting.length === 0) return content;
  return bounded({ ...content, rows: newestFirst([...content.waiting, ...content.rows]), waiting: [] });
}

/** Adds an older page at the end. */
export function addOlder(content: FeedContent, page: { rows: FeedRow[]; before: string | null }): FeedContent {
  const known = new Set(content.rows.map((row) => row.entryId));
  return {
    ...content,
    rows: [...content.rows, ...page.rows.filter((row) => !known.has(row.entryId))],
    before: page.before,
  };
}

function take(changes: Map<string, FeedRow>, row: FeedRow): FeedRow {
  const change = changes.get(row.entryId);
  if (change === undefined) return row;
  changes.delete(row.entryId);
  return change;
}

/** Drops the oldest rows beyond the bound; they are the beginning of the next older page. */
function bounded(content: FeedContent): FeedContent {
  if (content.rows.length <= rowsMax) return content;
  const rows = content.rows.slice(0, rowsMax);
  return { ...content, rows, before: rows.at(-1)?.position ?? content.before };
}

function newestFirst(rows: FeedRow[]): FeedRow[] {
  return rows.sort((a, b) => comparePositions(b.position, a.position));
}

/** Decimal log positions, as numbers. */
function comparePositions(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

import { type FeedEvent, type FeedRow, mergeFeedEvents } from "@/lib/audit/feed-row";
import type { Filter } from "@/lib/audit/parse-filter";
import { db } from "@/lib/db";
import { feedCondition } from "./feed-filter";

const pageRowsMax = 200;
const batchEventsMax = 1_000;
/** A reader further behind than this begins later and is told how many events were passed over. */
const behindEventsMax = 50_000;

const lifecycle =
  "('statement.opened', 'statement.refused', 'statement.held', 'statement.released', 'statement.closed')";
/** The first event that the log has of a statement; it carries who, what and the decision. */
const isFirst = `h.kind in ('statement.opened', 'statement.refused', 'statement.held') and h.entry_id is not null
  and not exists (select from audit_event e where e.entry_id = h.entry_id and e.position < h.position and e.kind in ${lifecycle})`;

export type FeedPage = {
  rows: FeedRow[];
  /** asked for the next, older page; null at the beginning of the log */
  before: string | null;
  /** end of the log when the page was read, decimal: the live feed goes on from here without a gap */
  position: string;
};

/** Statements that match, newest first, from before a log position (exclusive, decimal) or from the end. */
export async function readFeedPage({
  filter,
  before,
  limit = pageRowsMax,
}: {
  filter: Filter;
  before: string | null;
  limit?: number;
}): Promise<FeedPage> {
  const rowsMax = Math.min(limit, pageRowsMax);
  const position = await readLastPosition();
  const condition = feedCondition(filter, 2);
  const { rows } = await db().query<{ entryId: string; position: string }>(
    `select h.entry_id as "entryId", h.position::text from audit_event h
     where ${isFirst} and ($1::bigint is null or h.position < $1) and ${condition.sql}
     order by h.position desc limit $2`,
    [before, rowsMax, ...condition.values],
  );
  return {
    rows: await readEntries(rows.map((row) => row.entryId)),
    before: rows.length < rowsMax ? null : (rows.at(-1)?.position ?? null),
    position,
  };
}

export type FeedBatch = {
  /** statements that are new or changed, in their state as of now */
  rows: FeedRow[];
  /** log position up to which the batch tells; the next one begins after it */
  position: string;
  /** the batch reaches the end of the log */
  last: boolean;
  /** events that were passed over because the reader was too far behind */
  skipped: number;
};

/** What happened after a log position (exclusive), oldest events first, `batchEventsMax` of them at most. */
export async function readFeedBatch({ filter, after }: { filter: Filter; after: string }): Promise<FeedBatch> {
  const end = BigInt(await readLastPosition());
  const start = BigInt(after);
  if (end <= start) return { rows: [], position: after, last: true, skipped: 0 };
  const from = start < end - BigInt(behindEventsMax) ? end - BigInt(behindEventsMax) : start;
  const to = end - from > BigInt(batchEventsMax) ? from + BigInt(batchEventsMax) : end;
  const condition = feedCondition(filter, 2);
  const { rows } = await db().query<{ entryId: string }>(
    `select h.entry_id as "entryId" from audit_event h
     where h.entry_id in (select c.entry_id from audit_event c
         where c.position > $1 and c.position <= $2 and c.kind in ${lifecycle})
       and ${isFirst} and ${condition.sql}`,
    [from.toString(), to.toString(), ...condition.values],
  );
  const skipped = Number(from - start);
  return {
    rows: await readEntries(rows.map((row) => row.entryId)),
    position: to.toString(),
    last: to === end,
    skipped,
  };
}

/** One statement with everything that the log says of it; null where there is none. */
export async function readFeedRow(entryId: string): Promise<FeedRow | null> {
  return (await readEntries([entryId]))[0] ?? null;
}

/** The position of the newest event, decimal; -1 for an empty log. */
export async function readLastPosition(): Promise<string> {
  const { rows } = await db().query<{ position: string }>(
    "select position::text from audit_event order by audit_event.position desc limit 1",
  );
  return rows[0]?.position ?? "-1";
}

async function readEntries(entryIds: string[]): Promise<FeedRow[]> {
  if (entryIds.length === 0) return [];
  const { rows } = await db().query<FeedEvent>(
    `select position::text, leaf from audit_event where entry_id = any($1) and kind in ${lifecycle}
     order by audit_event.position`,
    [entryIds],
  );
  return mergeFeedEvents(rows);
}

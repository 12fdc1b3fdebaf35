import { db } from "@/lib/db";
import { type FeedFilter, feedCondition } from "./feed-filter";
import { type FeedEvent, type FeedRow, mergeFeedEvents } from "./feed-rows";

const pageRowsMax = 200;
/** More events than this between two looks are not all shown live; the reader is told how many were passed over. */
const batchEventsMax = 1_000;

const lifecycle =
  "('statement.opened', 'statement.refused', 'statement.held', 'statement.released', 'statement.closed')";
/** The first event that the log has of a statement; it carries who, what and the decision. */
const isFirst = `h.kind in ('statement.opened', 'statement.refused', 'statement.held') and h.entry_id is not null
  and not exists (select from audit_event e where e.entry_id = h.entry_id and e.position < h.position and e.kind in ${lifecycle})`;

export type FeedPage = {
  rows: FeedRow[];
  /** asked for the next, older page; null at the beginning of the log */
  before: string | null;
};

/** Statements that match, newest first, from before a log position (exclusive, decimal) or from the end. */
export async function readFeedPage({
  filter,
  before,
  limit = pageRowsMax,
}: {
  filter: FeedFilter;
  before: string | null;
  limit?: number;
}): Promise<FeedPage> {
  const rowsMax = Math.min(limit, pageRowsMax);
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
  };
}

export type FeedBatch = {
  /** statements that are new or changed, in their state as of now */
  rows: FeedRow[];
  /** log position up to which the batch tells; the next one begins after it */
  position: string;
  /** events that were passed over because there were too many at once */
  skipped: number;
};

/** What happened after a log position (exclusive), for the live feed. At most `batchEventsMax` events are told. */
export async function readFeedBatch({ filter, after }: { filter: FeedFilter; after: string }): Promise<FeedBatch> {
  const last = await readLastPosition();
  if (compare(last, after) <= 0) return { rows: [], position: after, skipped: 0 };
  const behind = Number(BigInt(last) - BigInt(after));
  const skipped = Math.max(0, behind - batchEventsMax);
  const from = (BigInt(after) + BigInt(skipped)).toString();
  const condition = feedCondition(filter, 2);
  const { rows } = await db().query<{ entryId: string }>(
    `select h.entry_id as "entryId" from audit_event h
     where h.entry_id in (select c.entry_id from audit_event c
         where c.position > $1 and c.position <= $2 and c.kind in ${lifecycle})
       and ${isFirst} and ${condition.sql}`,
    [from, last, ...condition.values],
  );
  return { rows: await readEntries(rows.map((row) => row.entryId)), position: last, skipped };
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

function compare(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

import { z } from "zod";

/** What a broker says of its journal in the `journal` field of its heartbeat's details. */
export const journalHealthSchema = z.object({
  start: z.number().int(),
  /** of the last record appended */
  sequence: z.number().int(),
  /** of the last record in the store, of this start */
  shipped: z.number().int(),
  /** on this broker's disk, shipped or not */
  bytes: z.number().int(),
  /** how long something has been waiting to be shipped; 0 when nothing is */
  behindMs: z.number(),
  /** why statements are refused */
  fault: z.string().nullable(),
  /** why nothing is shipped */
  storeError: z.string().nullable(),
});

export type JournalHealth = z.infer<typeof journalHealthSchema>;

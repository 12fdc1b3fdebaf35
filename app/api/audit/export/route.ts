import { createHash } from "node:crypto";
import { z } from "zod";
import { eventCsvHead, eventCsvLine } from "@/lib/audit/event-csv";
import type { SignedIn } from "@/lib/auth";
import { messageOf } from "@/lib/errors";
import { route } from "@/lib/http";
import { log } from "@/lib/log";
import { type AuditListEvent, listAudit } from "@/lib/store/audit-list";
import { recordExport } from "@/lib/store/export-events";
import { auditFiltersOf } from "../log-filters";

const pageEvents = 500;
const query = z.object({ q: z.string().max(2_000).default(""), format: z.enum(["jsonl", "csv"]).default("jsonl") });
const types = { jsonl: "application/x-ndjson; charset=utf-8", csv: "text/csv; charset=utf-8" };

/**
 * Exactly what the filter finds, newest first, as a file: `jsonl` has each event as it was hashed, behind its place in
 * the log; `csv` is a table. That somebody took it out is recorded with the filter, the rows and the SHA-256.
 */
export const GET = route({ can: "audit.export", query }, async ({ viewer, query: { q, format } }) => {
  const lines = exportLines({ q, format, viewer });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: () => void lines.return(undefined),
  });
  const name = `countersign-audit-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${format}`;
  return new Response(body, {
    headers: {
      "content-type": types[format],
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
});

type Export = { q: string; format: "jsonl" | "csv"; viewer: SignedIn };

async function* exportLines({ q, format, viewer }: Export): AsyncGenerator<string, void> {
  const { filters: applied } = auditFiltersOf(q);
  const hash = createHash("sha256");
  let rows = 0;
  const keep = (text: string) => {
    hash.update(text);
    return text;
  };
  try {
    if (format === "csv") yield keep(`${eventCsvHead}\n`);
    let before: string | null = null;
    do {
      const page = await listAudit({ filters: applied, before, limit: pageEvents });
      rows += page.events.length;
      if (page.events.length > 0) yield keep(page.events.map((event) => `${lineOf(event, format)}\n`).join(""));
      before = page.before;
    } while (before !== null);
  } finally {
    // Also when the browser stopped in the middle: what was sent, was taken out.
    const filters: Record<string, string> = q === "" ? {} : { q };
    const made = { format, filters, rows, sha256: hash.digest("hex") };
    await recordExport(made, { actor: `person/${viewer.email}`, channel: "console" }).catch((error: unknown) => {
      log("audit").error({ error: messageOf(error), ...made }, "an export could not be recorded");
    });
  }
}

function lineOf(event: AuditListEvent, format: Export["format"]): string {
  return format === "csv" ? eventCsvLine(event) : `{"position":${event.position},"event":${event.leaf}}`;
}

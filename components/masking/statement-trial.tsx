"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { requestJson } from "@/components/shell/request-json";
import { DecisionBadge } from "@/components/statements/decision-badge";
import { formatSql } from "@/components/statements/format-sql";
import { SqlBlock } from "@/components/statements/sql-text";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { SidePanel } from "@/components/ui/side-panel";
import { Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import { quoteIdent } from "@/lib/sql/names";
import type { StatementPreview, TableRow } from "./masking-rows";

const quietMs = 350;

type StatementTrialProps = { database: string; as: string; table: TableRow | null; onClose: () => void };

/** A statement as it is sent and as the upstream would see it, for the principal one looks as. Nothing is run. */
export function StatementTrial({ database, as, table, onClose }: StatementTrialProps) {
  const [sql, setSql] = useState(table === null ? "SELECT 1" : sampleFor(table));
  const [settled, setSettled] = useState(sql);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(sql), quietMs);
    return () => clearTimeout(timer);
  }, [sql]);
  const { data, error } = useQuery({
    queryKey: ["statement-preview", database, as, settled],
    queryFn: ({ signal }) =>
      requestJson<StatementPreview>("/api/masking/preview", {
        method: "POST",
        body: { database, as, sql: settled },
        signal,
      }),
    placeholderData: keepPreviousData,
    enabled: settled.trim() !== "",
  });
  return (
    <SidePanel
      label="Try a statement"
      onClose={onClose}
      title={<h2 className="truncate text-sm font-semibold">Try a statement</h2>}
    >
      <div className="flex flex-col gap-4 p-4">
        <Field
          label={`As ${as === "" ? "an agent in no group" : as}`}
          hint="It is decided and rewritten as a broker would do it now. Nothing is run, nothing is recorded."
        >
          <Textarea mono rows={4} spellCheck={false} value={sql} onChange={(event) => setSql(event.target.value)} />
        </Field>
        <div aria-live="polite" className="flex flex-col gap-3">
          {error ? <Callout tone="deny">{error.message}</Callout> : null}
          {data === undefined && !error ? <Skeleton className="h-40" /> : null}
          {data === undefined ? null : <Outcome preview={data} />}
        </div>
      </div>
    </SidePanel>
  );
}

function Outcome({ preview }: { preview: StatementPreview }) {
  const { decision, reason, policies, after, masked } = preview;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 text-xs text-ink-muted">
        {decision === "refused" ? <Badge tone="deny">Refused</Badge> : <DecisionBadge decision={decision} />}
        {policies.join(", ")}
      </div>
      {reason === null ? null : <Callout tone={decision === "hold" ? "hold" : "deny"}>{reason}</Callout>}
      {after === null ? null : (
        <div>
          <h3 className="overline-label mb-1.5">{masked.length > 0 ? "What the upstream is sent" : "Sent as it is"}</h3>
          <SqlBlock sql={formatSql(after)} value={after} />
        </div>
      )}
      {masked.length === 0 ? null : (
        <ul className="flex flex-col gap-1">
          {masked.map(({ column, rule }) => (
            <li key={column} className="flex items-center gap-2 text-xs">
              <Badge tone="masked">masked</Badge>
              <code className="min-w-0 flex-1 truncate">{column}</code>
              <span className="text-ink-faint">{rule}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Reads the first columns of a table, those that are masked before the others. */
function sampleFor({ schema, name, columns }: TableRow): string {
  const ordered = [...columns.filter(({ rule }) => rule !== null), ...columns.filter(({ rule }) => rule === null)];
  const shown = ordered.slice(0, 3).map((column) => quoteIdent(column.name));
  return `SELECT ${shown.join(", ") || "*"}\nFROM ${quoteIdent(schema)}.${quoteIdent(name)}\nLIMIT 10`;
}

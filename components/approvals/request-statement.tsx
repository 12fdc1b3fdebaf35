"use client";

import { useState } from "react";
import { formatSql } from "@/components/statements/format-sql";
import { countHidden } from "@/components/statements/reveal-characters";
import { SqlBlock } from "@/components/statements/sql-text";
import { Callout } from "@/components/ui/callout";
import { Segments } from "@/components/ui/segments";
import type { RequestDetail } from "@/lib/approval/inbox-view";
import { BoundParameters } from "./bound-parameters";

/** Exactly what would run: laid out for reading or as it was sent, whole, with what is hidden in it made visible. */
export function RequestStatement({ request }: { request: RequestDetail }) {
  const [view, setView] = useState<"formatted" | "sent">("formatted");
  const { statement, facts, parameters } = request;
  const formatted = formatSql(statement);
  const hidden = countHidden(statement);
  return (
    <section aria-label="Statement">
      <div className="mb-2 flex items-center justify-between gap-4">
        <h3 className="overline-label">Statement</h3>
        {formatted === statement ? null : (
          <Segments
            label="Layout"
            value={view}
            onChange={setView}
            segments={[
              { value: "formatted", label: "Laid out" },
              { value: "sent", label: "As sent" },
            ]}
          />
        )}
      </div>
      <div className="flex flex-col gap-2">
        {hidden > 0 ? (
          <Callout tone="deny" title={`${hidden} hidden ${hidden === 1 ? "character" : "characters"}`}>
            They are marked in the statement. Text like this can be made to look like something else.
          </Callout>
        ) : null}
        {facts.statementsInBatch > 1 ? (
          <Callout tone="hold" title={`A batch of ${facts.statementsInBatch} statements`}>
            They run together, all or none. All of them are shown.
          </Callout>
        ) : null}
        {request.inTransaction ? (
          <Callout tone="hold" title="It waits inside an open transaction">
            Whatever the transaction has locked so far stays locked until this is decided.
          </Callout>
        ) : null}
        <SqlBlock sql={view === "formatted" ? formatted : statement} value={statement} />
      </div>
      <BoundParameters parameters={parameters} />
    </section>
  );
}

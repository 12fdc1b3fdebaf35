import Link from "next/link";
import { PrincipalName } from "@/components/statements/principal-name";
import { Badge } from "@/components/ui/badge";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RequestDetail } from "@/lib/approval/inbox-view";
import { isSensitive } from "@/lib/masking/coverage";

/** The question in one sentence: who wants to do what, where. */
export function RequestHeadline({ request }: { request: RequestDetail }) {
  const { facts } = request;
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-lg">
        <PrincipalName principal={request.principal} className="font-semibold [&_svg]:size-4" />
        {request.status === "pending" ? "wants to run" : "asked to run"} a{" "}
        <span className="font-semibold">{facts.kind.toUpperCase()}</span> on
        <span className="font-semibold">{request.database}</span>
        {Object.entries(facts.environment).map(([key, value]) => (
          <Badge key={key} title={key}>
            {value}
          </Badge>
        ))}
      </p>
      <p className="mt-0.5 text-sm text-ink-muted">
        {request.owner ? `${request.owner} answers for it · ` : ""}
        {request.onBehalfOf ? `on behalf of ${request.onBehalfOf}, as it claims · ` : ""}
        asked <RelativeTime at={request.createdAt} />
        {facts.estimatedRows === undefined
          ? ""
          : ` · about ${formatCount(facts.estimatedRows)} ${facts.estimatedRows === 1 ? "row" : "rows"}`}
      </p>
    </div>
  );
}

/** From where it was asked, and under what. */
export function RequestFacts({ request }: { request: RequestDetail }) {
  const { facts } = request;
  return (
    <Facts
      layout="grid"
      facts={[
        { label: "Application", value: facts.applicationName },
        { label: "Address", value: facts.clientAddress && <Copyable value={facts.clientAddress} /> },
        { label: "Token issued by", value: request.tokenIssuer },
        { label: "Policy version", value: <span className="numeric">{request.bundleVersion}</span> },
        {
          label: "Session",
          value: (
            <Link
              href={`/feed?q=${encodeURIComponent(`session:${request.sessionId}`)}`}
              className="inline-flex min-h-6 items-center font-mono text-xs text-accent underline-offset-2 hover:underline"
            >
              {request.sessionId.slice(0, 8)}
            </Link>
          ),
        },
      ]}
    />
  );
}

/** Tables and columns that the statement touches; what is sensitive stands first and stands out. */
export function RequestTouches({ request }: { request: RequestDetail }) {
  const { tables, columns } = request.facts;
  const labelled = columns
    .filter((column) => column.labels.length > 0)
    .sort((a, b) => Number(isSensitive(b.labels)) - Number(isSensitive(a.labels)));
  const rest = columns.length - labelled.length;
  return (
    <section>
      <h3 className="overline-label mb-2">Touches</h3>
      <ul className="flex flex-col gap-1 text-xs">
        {tables.map((table) => (
          <li key={table}>
            <code>{table}</code>
          </li>
        ))}
      </ul>
      {labelled.length > 0 ? (
        <ul className="mt-2 flex flex-col gap-1 text-xs">
          {labelled.map((column) => (
            <li key={column.id} className="flex items-center gap-2">
              {column.labels.map((label) => (
                <Badge key={label} tone={isSensitive([label]) ? "accent" : "neutral"} mono>
                  {label}
                </Badge>
              ))}
              <code className="min-w-0 truncate text-ink-muted">{column.id}</code>
            </li>
          ))}
        </ul>
      ) : null}
      {rest > 0 ? (
        <details className="mt-2 text-xs text-ink-muted">
          <summary className="min-h-6">
            {rest} {rest === 1 ? "column" : "columns"} without a label
          </summary>
          <ul className="mt-1 flex flex-col gap-0.5 pl-4">
            {columns
              .filter((column) => column.labels.length === 0)
              .map((column) => (
                <li key={column.id}>
                  <code>{column.id}</code>
                </li>
              ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

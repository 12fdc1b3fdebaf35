import { PrincipalName } from "@/components/statements/principal-name";
import { formatCount, formatDuration } from "@/components/ui/format-time";
import { Section } from "@/components/ui/page-header";
import { BarList } from "./bar-list";

export type OverviewNumbers = {
  policies: { policy: string; hold: number; deny: number }[];
  principals: { actor: string; statements: number; hold: number; deny: number }[];
  labels: { label: string; masked: number; clear: number }[];
  requests: { approved: number; denied: number; expired: number; medianSeconds: number | null };
};

type OverviewListsProps = { overview: OverviewNumbers; linked: boolean };

/** What was stopped and by which policy, what was read of which label, who was busy, how requests ended. */
export function OverviewLists({ overview, linked }: OverviewListsProps) {
  const feed = (q: string) => (linked ? `/feed?q=${encodeURIComponent(q)}` : null);
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-4">
      <Section title="Held and denied" description="By policy" flush>
        <BarList
          empty="No policy held or denied anything."
          items={overview.policies.map(({ policy, hold, deny }) => ({
            key: policy,
            name: <code className="text-xs">{policy}</code>,
            href: feed(`policy:${policy} decision:hold decision:deny`),
            parts: [
              { count: hold, word: "held", className: "bg-hold-solid" },
              { count: deny, word: "denied", className: "bg-deny-solid" },
            ],
          }))}
        />
      </Section>
      <Section title="Sensitive reads" description="By label, masked or in clear" flush>
        <BarList
          empty="No statement touched a column with a label."
          items={overview.labels.map(({ label, masked, clear }) => ({
            key: label,
            name: <code className="text-xs">{label}</code>,
            href: feed(`label:${label}`),
            parts: [
              { count: clear, word: "in clear", className: "bg-hold-solid" },
              { count: masked, word: "masked", className: "bg-masked-solid" },
            ],
          }))}
        />
      </Section>
      <Section title="Busiest" description="Agents and people" flush>
        <BarList
          empty="Nobody has sent a statement."
          items={overview.principals.map(({ actor, statements, hold, deny }) => ({
            key: actor,
            name: <PrincipalName principal={actor} />,
            href: feed(actor.replace("/", ":")),
            summary: formatCount(statements),
            parts: [
              { count: statements - hold - deny, word: "allowed", className: "bg-line-strong/55" },
              { count: hold, word: "held", className: "bg-hold-solid" },
              { count: deny, word: "denied", className: "bg-deny-solid" },
            ],
          }))}
        />
      </Section>
      <Section title="Requests" description="How they ended">
        <RequestNumbers requests={overview.requests} />
      </Section>
    </div>
  );
}

function RequestNumbers({ requests }: { requests: OverviewNumbers["requests"] }) {
  const { approved, denied, expired, medianSeconds } = requests;
  const numbers = [
    { label: "Approved", value: formatCount(approved) },
    { label: "Denied", value: formatCount(denied) },
    { label: "Expired", value: formatCount(expired) },
    {
      label: "Time to decision",
      value: medianSeconds === null ? "–" : formatDuration(Math.max(1, Math.round(medianSeconds)) * 1_000),
    },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
      {numbers.map(({ label, value }) => (
        <div key={label}>
          <dt className="text-xs text-ink-muted">{label}</dt>
          <dd className="numeric text-lg font-semibold">
            <a href="/approvals?view=decided" className="underline-offset-4 hover:underline">
              {value}
            </a>
          </dd>
        </div>
      ))}
    </dl>
  );
}

"use client";

import { clsx } from "clsx";
import { DecisionCount } from "@/components/statements/decision-count";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { EffectBadge, SettingBadges } from "./policy-badges";
import type { PolicyRow } from "./policy-rows";

type PolicyTableProps = {
  policies: PolicyRow[];
  /** whose policies these are; null: all files */
  file: string | null;
  selected: string | null;
  onSelect: (id: string) => void;
};

export function PolicyTable({ policies, file, selected, onSelect }: PolicyTableProps) {
  if (policies.length === 0) {
    return (
      <div className="flex-1">
        <EmptyState title={`${file ?? "The bundle"} holds no policy`}>
          {file === "masking.yaml"
            ? "It says which columns are what, and how each kind is shown: see the page Masking."
            : file?.startsWith("tests/")
              ? "It holds what the bundle must keep to; the editor runs it."
              : "Policies stand in files that end with .cedar."}
        </EmptyState>
      </div>
    );
  }
  const aside = policies.some(({ id }) => id === selected) ? "hidden" : undefined;
  return (
    <Table label="Policies" scrollClassName="flex-1" className="table-fixed">
      <thead>
        <tr>
          <Th className="w-26">Effect</Th>
          <Th>Policy</Th>
          <Th className={clsx("w-64", aside)}>Applies to</Th>
          <Th className={clsx("w-56", aside)}>Asks</Th>
          <Th align="end" className="w-36">
            7 days
          </Th>
        </tr>
      </thead>
      <tbody>
        {policies.map((policy) => (
          <PolicyLine
            key={policy.id}
            policy={policy}
            selected={policy.id === selected}
            onSelect={onSelect}
            aside={aside}
          />
        ))}
      </tbody>
    </Table>
  );
}

type PolicyLineProps = {
  policy: PolicyRow;
  selected: boolean;
  onSelect: (id: string) => void;
  aside: string | undefined;
};

function PolicyLine({ policy, selected, onSelect, aside }: PolicyLineProps) {
  const { principal, action, resource } = policy.appliesTo;
  return (
    <Tr interactive selected={selected} onClick={() => onSelect(policy.id)}>
      <Td>
        <EffectBadge policy={policy} />
      </Td>
      <Td className="truncate">
        <button type="button" className="min-h-6 max-w-full truncate rounded-sm text-left font-medium">
          {policy.id}
        </button>
        {policy.settings.reason ? <p className="truncate text-xs text-ink-muted">{policy.settings.reason}</p> : null}
      </Td>
      <Td className={clsx("truncate", aside)} title={`${principal}: ${action} on ${resource}`}>
        <p className="truncate">{principal}</p>
        <p className="truncate text-xs text-ink-muted">
          {action} on {resource}
        </p>
      </Td>
      <Td className={aside}>
        <SettingBadges policy={policy} />
      </Td>
      <Td align="end" className="whitespace-nowrap">
        <Hits hits={policy.hits} />
      </Td>
    </Tr>
  );
}

/** How often a policy was among those that decided. */
export function Hits({ hits }: { hits: PolicyRow["hits"] }) {
  if (hits.allow + hits.hold + hits.deny === 0) return <span className="text-xs text-ink-faint">never</span>;
  return (
    <span className="inline-flex min-h-6 items-center gap-3">
      <DecisionCount decision="allow" count={hits.allow} />
      <DecisionCount decision="hold" count={hits.hold} />
      <DecisionCount decision="deny" count={hits.deny} />
    </span>
  );
}

import { EyeOff, Tags } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/page-header";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { MaskedValue } from "./masked-value";
import type { LabelRow, MaskingRules, RuleRow } from "./masking-rows";

const rest = {
  unlabelled: {
    show: "Columns without a label are shown.",
    mask: "Columns without a label are masked everywhere.",
  },
  newColumns: {
    show: "",
    mask: "In a table that has masked columns, a column without a label stays masked until somebody judges it.",
  },
};

/** What the bundle in force says: the rules in their order, and the labels that they speak of. */
export function RulesView({ rules }: { rules: MaskingRules }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4">
      <div className="flex flex-col gap-4">
        <Section
          title="Rules"
          description={`The first that matches a column wins. ${rest.unlabelled[rules.unlabelled]} ${rest.newColumns[rules.newColumns]}`}
          flush
        >
          {rules.rules.length === 0 ? (
            <EmptyState icon={EyeOff} title="No rule: nothing is masked">
              A rule in masking.yaml says how a kind of column is shown, and to whom it is shown in clear.
            </EmptyState>
          ) : (
            <RuleTable rules={rules.rules} />
          )}
        </Section>
        <Section title="Labels" description="What columns are. Policies may speak of labels too." flush>
          {rules.labels.length === 0 ? (
            <EmptyState icon={Tags} title="No label yet">
              A label names a kind of column, by patterns such as *.*.*.email.
            </EmptyState>
          ) : (
            <LabelTable labels={rules.labels} />
          )}
        </Section>
      </div>
    </div>
  );
}

const predicateWords: Record<string, string> = {
  mask: "see the masked value",
  lookup: "one literal is looked up",
  deny: "refused",
  hold: "held",
};

function RuleTable({ rules }: { rules: RuleRow[] }) {
  return (
    <Table label="Rules">
      <thead>
        <tr>
          <Th align="end">#</Th>
          <Th>Rule</Th>
          <Th>Matches</Th>
          <Th align="end">Columns</Th>
          <Th>Mask</Th>
          <Th>A made-up value</Th>
          <Th>Conditions</Th>
          <Th>In clear for</Th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule, index) => (
          <Tr key={rule.id}>
            <Td align="end" numeric className="text-ink-faint">
              {index + 1}
            </Td>
            <Td className="font-medium whitespace-nowrap">{rule.id}</Td>
            <Td>
              <Patterns patterns={rule.matches} label={rule.byLabel} />
            </Td>
            <Td align="end" numeric className={rule.columns === 0 ? "text-hold" : undefined}>
              {rule.columns}
            </Td>
            <Td>
              <Badge tone="masked" icon={EyeOff}>
                {rule.mask}
              </Badge>
            </Td>
            <Td className="max-w-72">
              <MaskedValue preview={rule.preview} />
            </Td>
            <Td className="text-xs whitespace-nowrap text-ink-muted">
              {predicateWords[rule.predicates] ?? rule.predicates}
              {rule.nulls === "hide" ? ", NULL hidden" : ""}
            </Td>
            <Td>
              {rule.unmaskGroups.length === 0 ? (
                <span className="text-xs text-ink-faint">nobody</span>
              ) : (
                <Patterns patterns={rule.unmaskGroups} label />
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function LabelTable({ labels }: { labels: LabelRow[] }) {
  return (
    <Table label="Labels">
      <thead>
        <tr>
          <Th>Label</Th>
          <Th>Counts as</Th>
          <Th align="end">Columns</Th>
          <Th className="w-full">Patterns</Th>
        </tr>
      </thead>
      <tbody>
        {labels.map((label) => (
          <Tr key={label.id} className="align-top">
            <Td>
              <Badge mono>{label.id}</Badge>
            </Td>
            <Td className="text-xs text-ink-muted">{label.sensitive ? "sensitive" : "harmless"}</Td>
            <Td align="end" numeric className={label.columns === 0 ? "text-hold" : undefined}>
              {label.columns}
            </Td>
            <Td>
              <Patterns patterns={label.patterns} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const patternsShown = 6;

function Patterns({ patterns, label }: { patterns: string[]; label?: boolean }) {
  const more = patterns.length - patternsShown;
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {patterns.slice(0, patternsShown).map((pattern) =>
        label ? (
          <Badge key={pattern} mono>
            {pattern}
          </Badge>
        ) : (
          <code key={pattern} className="text-2xs text-ink-muted">
            {pattern}
          </code>
        ),
      )}
      {more > 0 ? (
        <span className="text-2xs text-ink-faint" title={patterns.slice(patternsShown).join("\n")}>
          and {more} more
        </span>
      ) : null}
    </span>
  );
}

"use client";

import { Bot } from "lucide-react";
import { useNow } from "@/components/ui/clock";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { ActivityCounts } from "./activity-counts";
import { GroupBadges } from "./group-badges";
import type { AgentRow } from "./identity-rows";
import { AgentStateBadge } from "./state-badges";

type AgentTableProps = { agents: AgentRow[]; selected: string | null; onSelect: (name: string) => void };

export function AgentTable({ agents, selected, onSelect }: AgentTableProps) {
  const now = useNow();
  if (agents.length === 0) {
    return <NoAgent />;
  }
  // What the panel shows anyway leaves the room to it.
  const aside = agents.some(({ name }) => name === selected) ? "hidden" : undefined;
  return (
    <Table label="Agents" scrollClassName="flex-1">
      <thead>
        <tr>
          <Th>Agent</Th>
          <Th>State</Th>
          <Th>Owner</Th>
          <Th className={aside}>Groups</Th>
          <Th className={aside} align="end">
            Live tokens
          </Th>
          <Th>Last 24 hours</Th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <Tr key={agent.name} interactive selected={agent.name === selected} onClick={() => onSelect(agent.name)}>
            <Td>
              <button
                type="button"
                className="inline-flex min-h-6 items-center gap-2 rounded-sm font-medium whitespace-nowrap"
              >
                <Bot className="size-4 shrink-0 text-ink-faint" aria-hidden />
                {agent.name}
              </button>
            </Td>
            <Td>
              <AgentStateBadge agent={agent} now={now} />
            </Td>
            <Td className="text-ink-muted">{agent.owner}</Td>
            <Td className={aside}>
              <GroupBadges groups={agent.groups} />
            </Td>
            <Td className={aside} align="end" numeric>
              {agent.tokens}
            </Td>
            <Td>
              <ActivityCounts activity={agent.activity} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function NoAgent() {
  return (
    <div className="flex-1">
      <EmptyState icon={Bot} title="No agent yet" command="npx countersign agent add NAME --owner EMAIL --group agents">
        An agent is a program with a name of its own and a person who answers for it.
      </EmptyState>
    </div>
  );
}

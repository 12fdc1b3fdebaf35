"use client";

import { UsersRound } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { GroupRow } from "./identity-rows";

type GroupTableProps = { groups: GroupRow[]; selected: string | null; onSelect: (name: string) => void };

export function GroupTable({ groups, selected, onSelect }: GroupTableProps) {
  if (groups.length === 0) {
    return (
      <div className="flex-1">
        <EmptyState icon={UsersRound} title="No group yet" command="npx countersign group add security">
          Policies speak of groups, and reviews are asked of them. A group is made here or by the identity provider.
        </EmptyState>
      </div>
    );
  }
  return (
    <Table label="Groups" scrollClassName="flex-1">
      <thead>
        <tr>
          <Th>Group</Th>
          <Th align="end">People</Th>
          <Th align="end">Agents</Th>
          <Th>Members</Th>
          <Th>Made by</Th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Tr key={group.name} interactive selected={group.name === selected} onClick={() => onSelect(group.name)}>
            <Td>
              <button
                type="button"
                className="inline-flex min-h-6 items-center gap-2 rounded-sm font-medium whitespace-nowrap"
              >
                <UsersRound className="size-4 shrink-0 text-ink-faint" aria-hidden />
                {group.name}
              </button>
            </Td>
            <Td align="end" numeric>
              {group.people.length}
            </Td>
            <Td align="end" numeric>
              {group.agents.length}
            </Td>
            <Td truncate className="w-full text-ink-muted">
              {[...group.agents, ...group.people].join(", ") || "nobody"}
            </Td>
            <Td className="whitespace-nowrap text-ink-muted">
              {group.source === "idp" ? "identity provider" : "hand"}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

"use client";

import { UserRound } from "lucide-react";
import { useViewer } from "@/components/shell/viewer";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { ActivityCounts } from "./activity-counts";
import { GroupBadges } from "./group-badges";
import type { PersonRow } from "./identity-rows";
import { PersonStateBadge, roleWords } from "./state-badges";

type PersonTableProps = { people: PersonRow[]; selected: string | null; onSelect: (email: string) => void };

export function PersonTable({ people, selected, onSelect }: PersonTableProps) {
  const viewer = useViewer();
  const aside = people.some(({ email }) => email === selected) ? "hidden" : undefined;
  return (
    <Table label="People" scrollClassName="flex-1">
      <thead>
        <tr>
          <Th>Person</Th>
          <Th>E-mail</Th>
          <Th>Role</Th>
          <Th className={aside}>Groups</Th>
          <Th className={aside} align="end">
            Agents
          </Th>
          <Th>State</Th>
          <Th className={aside}>Last 24 hours</Th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Tr
            key={person.email}
            interactive
            selected={person.email === selected}
            onClick={() => onSelect(person.email)}
          >
            <Td>
              <button
                type="button"
                className="inline-flex min-h-6 items-center gap-2 rounded-sm font-medium whitespace-nowrap"
              >
                <UserRound className="size-4 shrink-0 text-ink-faint" aria-hidden />
                {person.name}
                {person.email === viewer.email ? <Badge tone="accent">you</Badge> : null}
              </button>
            </Td>
            <Td className="text-ink-muted">{person.email}</Td>
            <Td>{roleWords[person.role]}</Td>
            <Td className={aside}>
              <GroupBadges groups={person.groups} />
            </Td>
            <Td className={aside} align="end" numeric>
              {person.agents.length === 0 ? "" : person.agents.length}
            </Td>
            <Td>
              <PersonStateBadge person={person} />
            </Td>
            <Td className={aside}>
              <ActivityCounts activity={person.activity} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

"use client";

import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { useAddress } from "@/components/forms/use-address";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { LinkTabs } from "@/components/ui/tabs";
import { AddAgent } from "./add-agent";
import { AddGroup } from "./add-group";
import { AddPerson } from "./add-person";
import { AgentPanel } from "./agent-panel";
import { AgentTable } from "./agent-table";
import { GroupPanel } from "./group-panel";
import { GroupTable } from "./group-table";
import type { Identities } from "./identity-rows";
import { PersonPanel } from "./person-panel";
import { PersonTable } from "./person-table";

/** Where a principal connects to, for the commands that are shown. */
export type BrokerPlace = { host: string; port: number; database: string };

const tabs = ["agents", "people", "groups"] as const;
type Tab = (typeof tabs)[number];
const words: Record<Tab, { title: string; add: string }> = {
  agents: { title: "Agents", add: "Add agent" },
  people: { title: "People", add: "Add person" },
  groups: { title: "Groups", add: "Add group" },
};

type IdentitiesViewProps = { identities: Identities; broker: BrokerPlace };

/** Who can be decided about: agents with the people who answer for them, people, and the groups that policies name. */
export function IdentitiesView({ identities, broker }: IdentitiesViewProps) {
  const wanted = useSearchParams().get("tab");
  const tab: Tab = tabs.find((each) => each === wanted) ?? "agents";
  const [selected, select] = useAddress("name");
  const [adding, setAdding] = useState(false);
  const mayWrite = useMay("identity.write");
  const close = () => select(null);
  const added = (name: string) => {
    setAdding(false);
    select(name);
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Identities"
        description="Who may connect, as what, and who answers for it."
        actions={
          mayWrite ? (
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden /> {words[tab].add}
            </Button>
          ) : null
        }
        tabs={
          <LinkTabs
            label="Identities"
            className="-mx-6 px-6"
            tabs={tabs.map((each) => ({
              href: `/identities?tab=${each}`,
              label: words[each].title,
              count: identities[each].length,
              active: each === tab,
            }))}
          />
        }
      />
      <div className="relative flex min-h-0 flex-1 bg-surface">
        <Lists tab={tab} identities={identities} selected={selected} onSelect={select} />
        <Panel tab={tab} identities={identities} broker={broker} selected={selected} onClose={close} />
      </div>
      {adding && tab === "agents" ? (
        <AddAgent identities={identities} onClose={() => setAdding(false)} onAdded={added} />
      ) : null}
      {adding && tab === "people" ? (
        <AddPerson groups={identities.groups} onClose={() => setAdding(false)} onAdded={added} />
      ) : null}
      {adding && tab === "groups" ? <AddGroup onClose={() => setAdding(false)} onAdded={added} /> : null}
    </div>
  );
}

type ListsProps = {
  tab: Tab;
  identities: Identities;
  selected: string | null;
  onSelect: (name: string) => void;
};

function Lists({ tab, identities, selected, onSelect }: ListsProps) {
  switch (tab) {
    case "agents":
      return <AgentTable agents={identities.agents} selected={selected} onSelect={onSelect} />;
    case "people":
      return <PersonTable people={identities.people} selected={selected} onSelect={onSelect} />;
    case "groups":
      return <GroupTable groups={identities.groups} selected={selected} onSelect={onSelect} />;
  }
}

type PanelProps = Omit<ListsProps, "onSelect"> & { broker: BrokerPlace; onClose: () => void };

function Panel({ tab, identities, broker, selected, onClose }: PanelProps) {
  const agent = tab === "agents" ? identities.agents.find(({ name }) => name === selected) : undefined;
  const person = tab === "people" ? identities.people.find(({ email }) => email === selected) : undefined;
  const group = tab === "groups" ? identities.groups.find(({ name }) => name === selected) : undefined;
  if (agent) {
    return <AgentPanel key={agent.name} agent={agent} identities={identities} broker={broker} onClose={onClose} />;
  }
  if (person) {
    return <PersonPanel key={person.email} person={person} identities={identities} broker={broker} onClose={onClose} />;
  }
  return group ? <GroupPanel key={group.name} group={group} identities={identities} onClose={onClose} /> : null;
}

import { type Command, Option } from "commander";

import { addAgent, listAgents } from "@/lib/store/agents";
import { addPerson, listPeople, type PersonRole, personRoles } from "@/lib/store/people";
import { repeatable, secondsOption } from "./option-values";
import { printTable } from "./print-table";
import { addCommand, addGroupCommand } from "./run-command";
import { administrator } from "./who";

export function addPersonCommands(program: Command): void {
  const person = addGroupCommand(program, { name: "person", summary: "people" });
  addCommand<{ role: PersonRole; group: string[]; name?: string }>(person, {
    usage: "add <email>",
    summary: "add a person, who is bound to an identity at their first verified sign-in",
    options: [
      new Option("--role <role>", "what they may do").choices([...personRoles]).makeOptionMandatory(),
      repeatable("--group <name>", "a group that exists; repeatable"),
      new Option("--name <name>", "how others see them"),
    ],
    async run({ args: [email = ""], options: { role, group, name } }) {
      const { id } = await addPerson({ email, role, groups: group, name }, await administrator("identity.write"));
      return {
        document: { id, email: email.toLowerCase(), role, groups: group },
        text: `added ${email.toLowerCase()}`,
      };
    },
  });
  addCommand(person, {
    usage: "list",
    summary: "list people",
    async run() {
      const people = await listPeople();
      const rows = people.map((each) => [
        each.email,
        each.role,
        each.groups.join(", "),
        each.disabledAt === null ? (each.bound ? "signed in" : "invited") : "disabled",
      ]);
      return { document: people, text: printTable(["email", "role", "groups", "state"], rows) };
    },
  });
}

export function addAgentCommands(program: Command): void {
  const agent = addGroupCommand(program, { name: "agent", summary: "agents and other programs" });
  addCommand<{ owner: string; group: string[]; ttl?: number }>(agent, {
    usage: "add <name>",
    summary: "add an agent, which answers to its owner",
    options: [
      new Option("--owner <email>", "the person it answers to; never a reviewer of its requests").makeOptionMandatory(),
      repeatable("--group <name>", "a group that exists; repeatable"),
      secondsOption("--ttl <time>", "how long the agent exists, like 30d"),
    ],
    async run({ args: [name = ""], options: { owner, group, ttl } }) {
      const expiresAt = ttl === undefined ? null : new Date(Date.now() + ttl * 1_000);
      const by = await administrator("identity.write");
      const { id } = await addAgent({ name, owner, groups: group, expiresAt }, by);
      return { document: { id, name, owner, groups: group, expiresAt }, text: `added the agent ${name}` };
    },
  });
  addCommand(agent, {
    usage: "list",
    summary: "list agents",
    async run() {
      const agents = await listAgents();
      const rows = agents.map(({ name, owner, groups, frozenAt }) => [
        name,
        owner,
        groups.join(", "),
        frozenAt === null ? "active" : "frozen",
      ]);
      return { document: agents, text: printTable(["name", "owner", "groups", "state"], rows) };
    },
  });
}

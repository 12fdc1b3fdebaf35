import type { Command } from "commander";

import { addGroup, listGroups } from "@/lib/store/groups";
import { printTable } from "./print-table";
import { addCommand, addGroupCommand } from "./run-command";
import { administrator } from "./who";

export function addGroupCommands(program: Command): void {
  const group = addGroupCommand(program, { name: "group", summary: "groups of people and agents" });
  addCommand(group, {
    usage: "add <name>",
    summary: "make a group; groups are never made by being mentioned",
    async run({ args: [name = ""] }) {
      await addGroup({ name }, await administrator("identity.write"));
      return { document: { name }, text: `added the group ${name}` };
    },
  });
  addCommand(group, {
    usage: "list",
    summary: "list groups with their members",
    async run() {
      const groups = await listGroups();
      const rows = groups.map(({ name, source, people, agents }) => [name, source, [...people, ...agents].join(", ")]);
      return { document: groups, text: printTable(["name", "source", "members"], rows) };
    },
  });
}

import { type Command, Option } from "commander";

import { parsePrincipal, principalText } from "@/lib/store/principals";
import { issueToken, listTokens, revokeToken } from "@/lib/store/tokens";
import { secondsOption } from "./option-values";
import { printTable, printTime } from "./print-table";
import { addCommand, addGroupCommand } from "./run-command";
import { administrator } from "./who";

export function addTokenCommands(program: Command): void {
  const token = addGroupCommand(program, { name: "token", summary: "tokens, which are passwords to the broker" });
  addCommand<{ ttl?: number }>(token, {
    usage: "issue <principal>",
    summary: "print a new token of an agent or a person, once; it cannot be shown again",
    options: [secondsOption("--ttl <time>", "how long it lives, like 24h; without it, until it is revoked")],
    async run({ args: [name = ""], options: { ttl } }) {
      const by = await administrator("identity.write");
      const principal = principalText(parsePrincipal(name));
      const issuedBy = by.actor.startsWith("person/") ? by.actor.slice("person/".length) : null;
      const issued = await issueToken({ principal, ttlSeconds: ttl ?? null, issuedBy }, by);
      const { id, secret, expiresAt } = issued;
      process.stderr.write(
        `token ${id} of ${principal}, ${expiresAt ? `until ${printTime(expiresAt)} UTC` : "until revoked"}\n`,
      );
      return { document: { id, principal, token: secret, expiresAt }, text: secret };
    },
  });
  addCommand<{ reason?: string }>(token, {
    usage: "revoke <id>",
    summary: "end a token; its sessions end within a second or two",
    options: [new Option("--reason <text>", "why, for the record")],
    async run({ args: [id = ""], options: { reason } }) {
      await revokeToken({ id, reason }, await administrator("identity.write"));
      return { document: { id, revoked: true }, text: `revoked ${id}` };
    },
  });
  addCommand<{ principal?: string }>(token, {
    usage: "list",
    summary: "list tokens; secrets are not kept",
    options: [new Option("--principal <name>", "only those of agent/NAME or person/EMAIL")],
    async run({ options: { principal } }) {
      const tokens = await listTokens(principal === undefined ? undefined : principalText(parsePrincipal(principal)));
      const rows = tokens.map((each) => [
        each.id,
        each.principal,
        `…${each.hint}`,
        each.revokedAt === null ? printTime(each.expiresAt) : "revoked",
        printTime(each.lastUsedAt),
      ]);
      return { document: tokens, text: printTable(["id", "principal", "ends in", "until", "last used"], rows) };
    },
  });
}

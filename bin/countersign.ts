import { Command, CommanderError } from "commander";

import { addApply } from "./commands/apply";
import { addApprovalCommands } from "./commands/approval";
import { addAuditCommands } from "./commands/audit";
import { addDatabaseCommands } from "./commands/database";
import { addGroupCommands } from "./commands/group";
import { addAgentCommands, addPersonCommands } from "./commands/identity";
import { addMigrate } from "./commands/migrate";
import { addPolicyCommands } from "./commands/policy";
import { addServe } from "./commands/serve";
import { addTokenCommands } from "./commands/token";
import { addUp } from "./commands/up-command";

const program = new Command("countersign")
  .description("governed access to production databases for people and AI agents")
  .showHelpAfterError("(add --help for what it takes)")
  // Commander ends with 1 for bad input, which here means that the thing asked about is not so.
  .exitOverride();

for (const add of [
  addUp,
  addMigrate,
  addServe,
  addGroupCommands,
  addDatabaseCommands,
  addPersonCommands,
  addAgentCommands,
  addTokenCommands,
  addApply,
  addPolicyCommands,
  addApprovalCommands,
  addAuditCommands,
]) {
  add(program);
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

import type { Command } from "commander";

import { requireSetting } from "@/lib/env";
import { migrate } from "@/lib/store/migrate";
import { addCommand } from "./run-command";

export function addMigrate(program: Command): void {
  addCommand(program, {
    usage: "migrate",
    summary: "bring the governance store up to date; safe to repeat and to run twice at once",
    async run() {
      const result = await migrate({
        ownerUrl: requireSetting("DATABASE_OWNER_URL"),
        applicationUrl: requireSetting("DATABASE_URL"),
      });
      const { applied, current } = result;
      const text = applied.length > 0 ? `applied ${applied.join(", ")}` : `up to date at ${current.at(-1)}`;
      return { document: result, text };
    },
  });
}

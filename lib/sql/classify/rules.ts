import type { StatementRule } from "./classification";
import { alterRules } from "./rules/alter";
import { copyRules } from "./rules/copy";
import { createRules } from "./rules/create";
import { privilegeRules } from "./rules/privilege";
import { routineRules } from "./rules/routine";
import { rowRules } from "./rules/row";
import { sessionRules } from "./rules/session";
import { systemRules } from "./rules/system";

/** One rule per kind of statement of PostgreSQL 18's grammar; EXECUTE is followed into what it executes. */
export const statementRules: ReadonlyMap<string, StatementRule> = new Map(
  [alterRules, copyRules, createRules, privilegeRules, rowRules, routineRules, sessionRules, systemRules].flatMap(
    (rules) => Object.entries(rules),
  ),
);

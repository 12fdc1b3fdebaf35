import { type Command, Option } from "commander";

import type { ApprovalStatus } from "@/lib/approval/types";
import { AppError } from "@/lib/errors";
import { redact } from "@/lib/sql/shape";
import { listApprovals } from "@/lib/store/approval-list";
import { reviewApproval } from "@/lib/store/review-approval";
import { printTable, printTime } from "./print-table";
import { addCommand, addGroupCommand, type Outcome } from "./run-command";
import { requirePerson } from "./who";

const statementCharactersMax = 60;
const statuses = ["pending", "approved", "denied", "expired", "withdrawn", "superseded"] as const;

type ReviewOptions = { approve?: boolean; deny?: boolean; reason?: string; as?: string };

export function addApprovalCommands(program: Command): void {
  const approval = addGroupCommand(program, { name: "approval", summary: "held statements and their reviews" });
  addCommand<{ status?: ApprovalStatus; all?: boolean }>(approval, {
    usage: "list",
    summary: "list requests that wait for a decision, newest first",
    options: [
      new Option("--status <status>", "those in another state").choices([...statuses]),
      new Option("--all", "those in any state"),
    ],
    async run({ options: { status, all } }) {
      const approvals = await listApprovals({ status: all ? undefined : [status ?? "pending"], limit: 200 });
      const rows = approvals.map((each) => [
        String(each.id),
        each.use === null ? each.status : `${each.status}, ${each.use}`,
        each.principal,
        each.database,
        shorten(redact(each.statement)),
        printTime(each.expiresAt),
      ]);
      return {
        document: approvals,
        text: printTable(["id", "status", "principal", "database", "statement", "until"], rows),
      };
    },
  });
  addCommand<ReviewOptions>(approval, {
    usage: "review <id>",
    summary: "approve or deny a request, under the same rules as in the console",
    options: [
      new Option("--approve", "vote for it").conflicts("deny"),
      new Option("--deny", "end it; needs a reason"),
      new Option("--reason <text>", "why, for the requester and the record"),
      new Option("--as <email>", "who you are, beside a demo on this machine"),
    ],
    run: ({ args: [id = ""], options }) => review(id, options),
  });
}

async function review(text: string, { approve, deny, reason = "", as }: ReviewOptions): Promise<Outcome> {
  if (!/^\d{1,9}$/.test(text)) throw new AppError("invalid", `${text} is not the number of a request`);
  if (approve === deny) throw new AppError("invalid", "say --approve or --deny");
  const { email, actor } = await requirePerson({ as, permission: "approval.review" });
  const approvalId = Number(text);
  const vote = approve ? "approve" : "deny";
  const { osUser } = actor;
  const result = await reviewApproval({ approvalId, email, vote, reason, channel: "cli", osUser });
  if (result.outcome === "refused") throw new AppError("forbidden", result.reason);
  const missing = result.missing.map(({ group, need }) => `${need} of ${group}`).join(", ");
  const rest = missing === "" ? "" : `; still needed: ${missing}`;
  return { document: { id: approvalId, vote, ...result }, text: `request ${approvalId} is ${result.status}${rest}` };
}

function shorten(text: string): string {
  return text.length > statementCharactersMax ? `${text.slice(0, statementCharactersMax - 1)}…` : text;
}

import type { HoldTerms } from "@/lib/policy/types";

const unusedSecondsMax = 30 * 60;
const reminderShares = [0.25, 0.75];
const escalationShare = 0.5;

/** When a request that nobody decides ends. */
export function expiresAt(createdAt: Date, terms: Pick<HoldTerms, "expiresSeconds">): Date {
  return after(createdAt, terms.expiresSeconds);
}

/** When an approval stops to be good for anything: with its `@lasts`, or half an hour unused. */
export function lapsesAt(decidedAt: Date, terms: Pick<HoldTerms, "lasts">): Date {
  return after(decidedAt, terms.lasts === "once" ? unusedSecondsMax : terms.lasts);
}

/** When reviewers are reminded (a quarter and three quarters of the time) and others are asked (half of it). */
export function nudgeTimes(createdAt: Date, expires: Date): { reminders: Date[]; escalation: Date } {
  const seconds = (expires.getTime() - createdAt.getTime()) / 1000;
  return {
    reminders: reminderShares.map((share) => after(createdAt, seconds * share)),
    escalation: after(createdAt, seconds * escalationShare),
  };
}

function after(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}

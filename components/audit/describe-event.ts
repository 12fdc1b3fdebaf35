import { formatDuration } from "@/components/ui/format-time";

type Fields = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" ? value : "");
const list = (value: unknown) => (Array.isArray(value) ? value.join(", ") : "");
const request = (fields: Fields) => `request ${fields.approvalId ?? "?"}`;
const because = (value: unknown) => (text(value) === "" ? "" : `: ${text(value)}`);

// What an event says in one line. Statements show their SQL instead; kinds that are not here show their name.
const sentences: Record<string, (fields: Fields) => string> = {
  "session.opened": (f) => `connected to ${text(f.database)} with ${text(f.application) || "an unnamed application"}`,
  "session.closed": (f) => `session ended (${text(f.end)}) after ${f.statements} statements`,
  "session.refused": (f) => `connection refused: ${text(f.cause).replaceAll("-", " ")}`,
  "approval.opened": (f) => `${request(f)} opened${because(f.reason)}`,
  "approval.reviewed": (f) => `voted to ${text(f.vote)} ${request(f)}${because(f.reason)}`,
  "approval.approved": (f) => `${request(f)} is approved by ${list(f.reviewers)}`,
  "approval.denied": (f) => `${request(f)} is denied${because(f.reason)}`,
  "approval.expired": (f) => `${request(f)} expired undecided`,
  "approval.withdrawn": (f) => `${request(f)} withdrawn${because(f.reason)}`,
  "approval.superseded": (f) => `${request(f)} superseded${because(f.reason)}`,
  "approval.lapsed": (f) => `the approval of ${request(f)} lapsed unused`,
  "approval.revoked": (f) => `the approval of ${request(f)} was revoked${because(f.reason)}`,
  "approval.used": (f) => `the approval of ${request(f)} was used`,
  "delivery.sent": (f) =>
    `told ${text(f.recipient)} by ${text(f.channel)} that ${request(f)} was ${text(f.transition)}`,
  "delivery.failed": (f) => `could not tell ${text(f.recipient)} by ${text(f.channel)}${because(f.error)}`,
  "delivery.unknown": (f) => `may or may not have told ${text(f.recipient)} by ${text(f.channel)}`,
  "bundle.saved": (f) => `saved policy version ${f.bundleVersion}${because(f.note)}`,
  "bundle.activated": (f) => `activated policy version ${f.bundleVersion}${because(list(f.changedFiles))}`,
  "masking.changed": (f) => `changed masking in version ${f.bundleVersion}${because(list(f.rules) || list(f.labels))}`,
  "database.added": (f) => `registered ${text(f.database)} at ${text(f.address)}`,
  "database.changed": (f) => `changed the registration of ${text(f.database)}`,
  "database.synced": (f) =>
    `read the catalog of ${text(f.database)}: ${f.relations} relations${f.changed ? ", changed" : ""}`,
  "database.syncFailed": (f) => `could not read the catalog of ${text(f.database)}${because(f.error)}`,
  "database.removed": (f) => `removed ${text(f.database)}`,
  "group.added": (f) => `added the group ${text(f.group)}`,
  "group.removed": (f) => `removed the group ${text(f.group)}`,
  "group.memberAdded": (f) => `added ${text(f.member)} to ${text(f.group)}`,
  "group.memberRemoved": (f) => `removed ${text(f.member)} from ${text(f.group)}`,
  "person.added": (f) => `added ${text(f.person)} as ${text(f.role)}`,
  "person.changed": (f) =>
    `changed ${text(f.person)}${f.role ? `: ${text(f.previousRole)} became ${text(f.role)}` : ""}`,
  "person.disabled": (f) => `disabled ${text(f.person)}`,
  "person.enabled": (f) => `enabled ${text(f.person)}`,
  "agent.added": (f) => `added the agent ${text(f.agent)}, which ${text(f.owner)} answers for`,
  "agent.changed": (f) => `changed the agent ${text(f.agent)}`,
  "agent.frozen": (f) => `froze the agent ${text(f.agent)}${because(f.reason)}`,
  "agent.unfrozen": (f) => `let the agent ${text(f.agent)} work again`,
  "token.issued": (f) => `issued a token for ${text(f.principal)}`,
  "token.revoked": (f) => `revoked a token of ${text(f.principal)}${because(f.reason)}`,
  "signin.succeeded": (f) => `signed in${f.first === true ? " for the first time" : ""}`,
  "signin.refused": (f) =>
    `sign-in of ${text(f.claimedEmail) || "somebody"} refused: ${text(f.cause).replaceAll("-", " ")}`,
  "signin.ended": () => "signed out",
  "export.made": (f) => `exported ${f.rows} ${text(f.what)} rows as ${text(f.format)}`,
  "setting.changed": (f) => `changed the setting ${text(f.setting)}`,
  "alarm.raised": (f) => `alarm ${text(f.alarm)}${because(f.message)}`,
  "alarm.cleared": (f) => `alarm ${text(f.alarm)} is over`,
  "broker.started": (f) => `broker ${text(f.brokerId)} started`,
  "broker.stopped": (f) => `broker ${text(f.brokerId)} stopped`,
  "statement.held": (f) => `waits for ${request(f)}${because(f.reason)}`,
  "statement.released": (f) => `goes on with ${request(f)} after ${seconds(f.heldMs)}`,
  "statement.closed": (f) => closed(f),
};

function duration(milliseconds: unknown): string {
  return typeof milliseconds === "number" ? formatDuration(milliseconds) : "an unknown time";
}

function seconds(milliseconds: unknown): string {
  return typeof milliseconds === "number" ? `${(milliseconds / 1000).toFixed(1)} s` : "a wait";
}

function closed(fields: Fields): string {
  const code = text(fields.sqlstate);
  if (fields.outcome === "ok")
    return `done: ${fields.rows} ${fields.rows === 1 ? "row" : "rows"} in ${duration(fields.durationMs)}`;
  return `${text(fields.outcome)}${code === "" ? "" : ` ${code}`} after ${duration(fields.durationMs)}`;
}

/** One line for people; empty where the statement says it better. */
export function describeEvent(kind: string, leaf: string): string {
  const say = sentences[kind];
  return say === undefined ? "" : say(JSON.parse(leaf) as Fields);
}

import { z } from "zod";
import { countField, event, isoMillis, listField, none, personal, secret, textField } from "./field";

/** Where the change was made; `osUser` is the operating-system user of the command line. */
const channelFields = {
  channel: none(z.enum(["console", "api", "cli", "idp", "system"]).optional()),
  osUser: personal(z.string().optional()),
};

const fileHashes = z.array(z.strictObject({ name: z.string(), sha256: z.string() }));

export const bundleSaved = event("bundle.saved", {
  ...channelFields,
  bundleVersion: none(z.number().int()),
  note: secret(z.string()),
  files: none(fileHashes),
});

export const bundleActivated = event("bundle.activated", {
  ...channelFields,
  bundleVersion: none(z.number().int()),
  previousVersion: none(z.number().int().nullable()),
  author: personal(z.string().optional()),
  /** names of the files that differ from the previous version */
  changedFiles: listField(),
});

/** A change of labels or rules; the masking of the draft that `bundleVersion` names. */
export const maskingChanged = event("masking.changed", {
  ...channelFields,
  bundleVersion: none(z.number().int()),
  labels: listField(),
  rules: listField(),
  columns: listField(),
});

const databaseFields = { ...channelFields, database: textField() };

export const databaseAdded = event("database.added", {
  ...databaseFields,
  /** host:port/dbname, without credentials */
  address: textField(),
  labels: none(z.record(z.string(), z.string())),
  /** groups that are mapped to upstream roles of their own */
  roleGroups: listField(),
});
/** Registered again under the same name: new address, credentials, labels or roles. */
export const databaseChanged = event("database.changed", {
  ...databaseFields,
  address: textField(),
  labels: none(z.record(z.string(), z.string())),
  roleGroups: listField(),
});
export const databaseSynced = event("database.synced", {
  ...databaseFields,
  relations: countField(),
  /** SHA-256 of the catalog, hex */
  catalogHash: textField(),
  changed: none(z.boolean()),
});
export const databaseSyncFailed = event("database.syncFailed", { ...databaseFields, error: secret(z.string()) });
export const databaseRemoved = event("database.removed", { ...databaseFields });

const groupFields = { ...channelFields, group: textField() };
export const groupAdded = event("group.added", { ...groupFields, source: none(z.enum(["local", "idp"])) });
export const groupRemoved = event("group.removed", { ...groupFields });
/** `member` is `person/EMAIL` or `agent/NAME`. */
export const groupMemberAdded = event("group.memberAdded", { ...groupFields, member: personal(z.string()) });
export const groupMemberRemoved = event("group.memberRemoved", { ...groupFields, member: personal(z.string()) });

const personFields = { ...channelFields, person: personal(z.string()) };
export const personAdded = event("person.added", { ...personFields, name: personal(z.string()), role: textField() });
export const personChanged = event("person.changed", {
  ...personFields,
  name: personal(z.string().optional()),
  role: none(z.string().optional()),
  previousRole: none(z.string().optional()),
});
export const personDisabled = event("person.disabled", { ...personFields });
export const personEnabled = event("person.enabled", { ...personFields });

const agentFields = { ...channelFields, agent: textField() };
export const agentAdded = event("agent.added", {
  ...agentFields,
  owner: personal(z.string()),
  expiresAt: none(isoMillis.optional()),
});
export const agentChanged = event("agent.changed", {
  ...agentFields,
  owner: personal(z.string()),
  expiresAt: none(isoMillis.nullable().optional()),
});
export const agentFrozen = event("agent.frozen", { ...agentFields, reason: secret(z.string().optional()) });
export const agentUnfrozen = event("agent.unfrozen", { ...agentFields });

const tokenFields = {
  ...channelFields,
  tokenId: none(z.uuid()),
  /** whose token it is */
  principal: personal(z.string()),
};
export const tokenIssued = event("token.issued", { ...tokenFields, expiresAt: none(isoMillis.optional()) });
export const tokenRevoked = event("token.revoked", { ...tokenFields, reason: secret(z.string().optional()) });

export const signinSucceeded = event("signin.succeeded", {
  person: personal(z.string()),
  issuer: textField(),
  address: personal(z.string().optional()),
  /** the identity was bound to the person by this sign-in */
  first: none(z.boolean()),
});
export const signinRefused = event("signin.refused", {
  /** as the provider said, where it said anything */
  claimedEmail: personal(z.string().optional()),
  issuer: none(z.string().optional()),
  address: personal(z.string().optional()),
  cause: none(z.enum(["unknown-person", "unverified-email", "disabled", "other-identity", "provider", "no-email"])),
});
export const signinEnded = event("signin.ended", { person: personal(z.string()) });

export const exportMade = event("export.made", {
  ...channelFields,
  what: none(z.enum(["audit", "evidence", "policies", "catalog"])),
  format: textField(),
  /** the filters as applied */
  filters: secret(z.record(z.string(), z.string())),
  rows: countField(),
  sha256: none(z.string().optional()),
});

export const settingChanged = event("setting.changed", {
  ...channelFields,
  setting: textField(),
  previous: secret(z.string().nullable()),
  value: secret(z.string().nullable()),
});

/** The record itself, or what carries it, is not as it should be. */
export const alarmRaised = event("alarm.raised", {
  alarm: none(
    z.enum([
      "journal-gap",
      "journal-backlog",
      "journal-unwritable",
      "journal-damaged",
      "journal-dropped",
      "broker-silent",
      "log-smaller",
      "log-different",
      "log-not-verifiable",
      "checkpoint-failed",
      "leaf-refused",
    ]),
  ),
  /** what it is about, e.g. `broker/ID`; one alarm per subject stays open until it is cleared */
  subject: textField(),
  message: secret(z.string()),
  brokerId: none(z.string().optional()),
});
export const alarmCleared = event("alarm.cleared", {
  alarm: textField(),
  subject: textField(),
  brokerId: none(z.string().optional()),
});

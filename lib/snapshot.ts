import type { BundleFiles } from "@/lib/policy/types";
import type { Catalog } from "@/lib/sql/catalog";

/** Verifier of one live or once-live token. Keys are base64 of 32 bytes, times are epoch milliseconds. */
export type SnapshotToken = {
  id: string;
  storedKey: string;
  serverKey: string;
  expiresAt: number | null;
  /** e-mail of the person who issued it */
  issuer: string | null;
};

export type SnapshotPrincipal = {
  kind: "person" | "agent";
  /** e-mail (lower case) or agent name */
  name: string;
  groups: string[];
  owner?: string;
  /** base64 of 16 bytes */
  scramSalt: string;
  /** frozen, disabled or expired principals stay listed with enabled false, so that sessions can be told why */
  enabled: boolean;
  expiresAt: number | null;
  /** not revoked, at most 16, newest first */
  tokens: SnapshotToken[];
};

export type SnapshotDatabase = {
  name: string;
  labels: Record<string, string>;
  /** decrypted, with credentials: never logged, never sent to the analysis worker */
  url: string;
  roles: { group: string; url: string }[];
  catalog: Catalog | null;
  syncError: string | null;
};

/** Everything a broker decides from, at one version. */
export type Snapshot = {
  /** decimal bigint */
  version: string;
  bundle: { version: number; files: BundleFiles } | null;
  groups: string[];
  principals: SnapshotPrincipal[];
  databases: SnapshotDatabase[];
};

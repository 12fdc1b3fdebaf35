import type { PolicySettings } from "@/lib/policy/compiled";
import type { BundleFault, BundleFiles } from "@/lib/policy/types";

/** One policy of the bundle in force. */
export type PolicyRow = {
  id: string;
  effect: "permit" | "forbid";
  settings: PolicySettings;
  /** what its scope says, in words */
  appliesTo: { principal: string; action: string; resource: string };
  file: string;
  /** 1-based */
  line: number;
  text: string;
  /** the last seven days */
  hits: { allow: number; hold: number; deny: number };
};

/** A version of the bundle; times are ISO 8601. */
export type VersionRow = {
  version: number;
  status: "draft" | "active" | "retired";
  note: string;
  author: string | null;
  activatedBy: string | null;
  createdAt: string;
  activatedAt: string | null;
  fileNames: string[];
};

export type ActiveBundle = {
  version: VersionRow | null;
  policies: PolicyRow[];
  files: string[];
  /** why it no longer compiles, and warnings */
  faults: BundleFault[];
};

export type WholeVersion = VersionRow & { files: BundleFiles };

/** What validating a bundle in work came to. */
export type Validation = { faults: BundleFault[] };

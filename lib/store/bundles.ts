import { createHash } from "node:crypto";

import { db, type Sql, withTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { type BundleCompilation, compileBundle } from "@/lib/policy/bundle";
import type { BundleFault, BundleFiles } from "@/lib/policy/types";
import type { Actor } from "./actor";
import { appendAudit } from "./audit";
import { bumpSnapshot } from "./snapshot";

export type BundleStatus = "draft" | "active" | "retired";

export type BundleSummary = {
  version: number;
  status: BundleStatus;
  note: string;
  /** e-mail */
  author: string | null;
  activatedBy: string | null;
  createdAt: Date;
  activatedAt: Date | null;
  fileNames: string[];
};

export type BundleVersion = BundleSummary & { files: BundleFiles };

export type ActivationResult =
  | { outcome: "activated"; version: number; previousVersion: number | null; warnings: BundleFault[] }
  /** nothing was changed */
  | { outcome: "invalid"; faults: BundleFault[] }
  /** another version became active meanwhile, or this one is no draft */
  | { outcome: "stale"; activeVersion: number | null };

const filesMax = 500;
const fileBytesMax = 1_048_576;
const fileNamePattern = /^(?:[A-Za-z0-9_][A-Za-z0-9._-]*\/)?[A-Za-z0-9_][A-Za-z0-9._-]*\.(?:cedar|ya?ml)$/;

/** Checks a bundle against the groups that exist, without keeping anything. Warnings are faults too. */
export async function checkBundle(files: BundleFiles): Promise<BundleFault[]> {
  return faultsOf(compileBundle({ files, ...(await groupsAndMembers(db())) }));
}

/**
 * Keeps a bundle as a draft, faulty or not: work in progress may be saved.
 * @param bundle.author e-mail of the person whose work it is
 * @throws AppError("invalid") where it is no bundle at all
 */
export async function saveBundle(
  bundle: { files: BundleFiles; note?: string; author: string | null },
  by: Actor,
): Promise<{ version: number }> {
  const { files, note = "", author } = bundle;
  const faults = shapeFaults(files);
  if (faults.length > 0) throw new AppError("invalid", faults.join("; "), { faults });
  return withTransaction(async (tx) => {
    const { rows } = await tx.query<{ version: number }>(
      `insert into bundle (files, note, author_id) values ($1, $2, (select id from person where email = $3))
       returning version`,
      [JSON.stringify(files), note, author],
    );
    const version = rows[0]?.version ?? 0;
    const hashes = Object.entries(files).map(([name, text]) => ({ name, sha256: sha256(text) }));
    await appendAudit(tx, { kind: "bundle.saved", ...by, bundleVersion: version, note, files: hashes });
    return { version };
  });
}

/**
 * Makes a draft, or a retired version again, the one in force. It is compiled first against the groups that exist
 * in the same transaction; a bundle with an error changes nothing.
 * @param activation.expectedActive the version that the person saw in force; undefined skips that check
 * @throws AppError("not_found")
 */
export async function activateBundle(
  activation: { version: number; person: string | null; expectedActive?: number | null },
  by: Actor,
): Promise<ActivationResult> {
  const { version, person, expectedActive } = activation;
  return withTransaction(async (tx): Promise<ActivationResult> => {
    // Serialises activations: the row of the version in force alone would not, because it may not exist.
    await tx.query("select 1 from snapshot_version where id = 1 for update");
    const { rows } = await tx.query<{
      version: number;
      files: BundleFiles;
      status: BundleStatus;
      author: string | null;
    }>(
      `select b.version, b.files, b.status, p.email as author from bundle b left join person p on p.id = b.author_id
       where b.version = $1 or b.status = 'active'`,
      [version],
    );
    const wanted = rows.find((row) => row.version === version);
    const active = rows.find((row) => row.status === "active") ?? null;
    const activeVersion = active?.version ?? null;
    if (wanted === undefined) throw new AppError("not_found", `there is no bundle version ${version}`);
    if (activeVersion === version || (expectedActive !== undefined && expectedActive !== activeVersion)) {
      return { outcome: "stale", activeVersion };
    }
    const compilation = compileBundle({ files: wanted.files, ...(await groupsAndMembers(tx)) });
    if (!compilation.ok) return { outcome: "invalid", faults: compilation.faults };
    await tx.query("update bundle set status = 'retired' where status = 'active'");
    await tx.query(
      `update bundle set status = 'active', activated_at = now(),
         activated_by_id = (select id from person where email = $2) where version = $1`,
      [version, person],
    );
    const author = wanted.author === null ? {} : { author: wanted.author };
    const changedFiles = changedNames(active?.files ?? {}, wanted.files);
    await appendAudit(tx, {
      kind: "bundle.activated",
      ...by,
      bundleVersion: version,
      previousVersion: activeVersion,
      changedFiles,
      ...author,
    });
    await bumpSnapshot(tx);
    return { outcome: "activated", version, previousVersion: activeVersion, warnings: compilation.warnings };
  });
}

/** Newest first. */
export async function listBundles(): Promise<BundleSummary[]> {
  const { rows } = await db().query<BundleSummary>(`${selectSummary} order by b.version desc`);
  return rows;
}

export async function readBundle(version: number): Promise<BundleVersion | null> {
  const { rows } = await db().query<BundleVersion>(`${selectWhole} where b.version = $1`, [version]);
  return rows[0] ?? null;
}

/** The version in force; null in an empty installation, where everything is denied. */
export async function readActiveBundle(): Promise<BundleVersion | null> {
  const { rows } = await db().query<BundleVersion>(`${selectWhole} where b.status = 'active'`);
  return rows[0] ?? null;
}

const summaryColumns = `b.version, b.status, b.note, p.email as author, a.email as "activatedBy",
  b.created_at as "createdAt", b.activated_at as "activatedAt",
  array(select jsonb_object_keys(b.files) order by 1) as "fileNames"`;
const summaryFrom = `from bundle b left join person p on p.id = b.author_id left join person a on a.id = b.activated_by_id`;
const selectSummary = `select ${summaryColumns} ${summaryFrom}`;
const selectWhole = `select ${summaryColumns}, b.files ${summaryFrom}`;

/** Names of files that were added, removed or changed. */
export function changedNames(before: BundleFiles, after: BundleFiles): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

async function groupsAndMembers(client: Sql): Promise<{ groups: string[]; members: Record<string, string[]> }> {
  const { rows } = await client.query<{ name: string; people: string[] }>(
    `select g.name, array(select p.email from group_member m join person p on p.id = m.person_id
       where m.group_id = g.id and p.disabled_at is null order by p.email) as people
     from principal_group g order by g.name`,
  );
  return {
    groups: rows.map(({ name }) => name),
    members: Object.fromEntries(rows.map(({ name, people }) => [name, people])),
  };
}

function faultsOf(compilation: BundleCompilation): BundleFault[] {
  return compilation.ok ? compilation.warnings : compilation.faults;
}

function shapeFaults(files: BundleFiles): string[] {
  const entries = Object.entries(files);
  if (entries.length === 0) return ["the bundle has no files"];
  if (entries.length > filesMax) return [`the bundle has more than ${filesMax} files`];
  return entries.flatMap(([name, text]) => {
    if (!fileNamePattern.test(name)) return [`${name}: not a .cedar or .yaml file of a bundle`];
    if (Buffer.byteLength(text) > fileBytesMax) return [`${name}: larger than ${fileBytesMax} bytes`];
    return text.includes("\0") ? [`${name}: contains a NUL character`] : [];
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

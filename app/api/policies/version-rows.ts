import type { VersionRow, WholeVersion } from "@/components/policies/policy-rows";
import { type BundleSummary, type BundleVersion, listBundles, readBundle } from "@/lib/store/bundles";

export function versionRow(bundle: BundleSummary): VersionRow {
  const { version, status, note, author, activatedBy, fileNames } = bundle;
  const createdAt = bundle.createdAt.toISOString();
  const activatedAt = bundle.activatedAt?.toISOString() ?? null;
  return { version, status, note, author, activatedBy, fileNames, createdAt, activatedAt };
}

export function wholeVersion(bundle: BundleVersion): WholeVersion {
  return { ...versionRow(bundle), files: bundle.files };
}

/** Every version of the bundle, newest first. */
export async function readVersionRows(): Promise<VersionRow[]> {
  return (await listBundles()).map(versionRow);
}

export async function readWholeVersion(version: number): Promise<WholeVersion | null> {
  const bundle = await readBundle(version);
  return bundle === null ? null : wholeVersion(bundle);
}

import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { BundleFiles } from "@/lib/policy/types";

/** Reads a policy bundle's files by their path inside the folder; what is no part of a bundle is left out. */
export async function readBundleFolder(folder: string): Promise<BundleFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(cedar|ya?ml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const pairs = paths.map(async (path) => [relative(folder, path).replaceAll("\\", "/"), await readFile(path, "utf8")]);
  return Object.fromEntries(await Promise.all(pairs));
}

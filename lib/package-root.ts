import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const levelsMax = 6;

/**
 * The folder of package.json, with prisma/, dist/ and bin/ in it: found upwards from this module, because the
 * code runs from the sources in tests and from dist/ otherwise.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < levelsMax; level += 1) {
    if (existsSync(join(folder, "package.json")) && existsSync(join(folder, "prisma", "migrations"))) return folder;
    folder = dirname(folder);
  }
  throw new Error("the package's own folder was not found: the installation is incomplete");
}

// Checks what the compiler and the linter cannot: which folder may import which, purity, sizes and names.
// There is no list of exceptions; a rule that is wrong is changed here, for everybody.

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { root } from "./bootstrap.mjs";
import { importFaults } from "./structure/import-rules.mjs";
import { nameFaults } from "./structure/name-rules.mjs";
import { sizeFaults } from "./structure/size-rules.mjs";
import { textFaults } from "./structure/text-rules.mjs";

const skipped = new Set([
  "node_modules",
  ".git",
  ".next",
  "dist",
  "generated",
  ".countersign",
  "coverage",
  "test-results",
  "public",
]);
const rules = [importFaults, textFaults, sizeFaults, nameFaults];

const files = read("").map(parse);
const faults = rules.flatMap((rule) => rule(files)).sort((a, b) => a.file.localeCompare(b.file));

for (const { file, line, message } of faults) process.stdout.write(`${file}${line ? `:${line}` : ""}  ${message}\n`);
process.stdout.write(`structure: ${files.length} files, ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function read(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : read(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) && entry.name !== "next-env.d.ts" ? [path] : [];
  });
}

/** A file with its imports, each resolved to a path of ours or left as a package's name. */
function parse(path) {
  const text = readFileSync(join(root, path), "utf8");
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const lineAt = (offset) => text.slice(0, offset).split("\n").length;
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: moduleRequest.value,
    line: lineAt(moduleRequest.start),
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries
      .filter(({ moduleRequest }) => moduleRequest)
      .map(({ moduleRequest, isType }) => ({
        from: moduleRequest.value,
        line: lineAt(moduleRequest.start),
        typeOnly: isType,
      })),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => ({
    from: text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    line: lineAt(moduleRequest.start),
    typeOnly: false,
  }));
  const imports = [...fixed, ...reexports, ...dynamic].map((one) => ({ ...one, to: resolve(path, one.from) }));
  return {
    path,
    name: basename(path),
    folder: dirname(path),
    text,
    program,
    imports,
    lineAt,
    test: /\.(test|spec)\.tsx?$/.test(path),
  };
}

/** `@/lib/x` and `./x` become paths from the root, without extension; packages stay as they are. */
function resolve(path, from) {
  if (from.startsWith("@/")) return from.slice(2).replace(/\.(ts|tsx|mjs)$/, "");
  if (!from.startsWith(".")) return from;
  return join(dirname(path), from).replace(/\.(ts|tsx|mjs)$/, "");
}

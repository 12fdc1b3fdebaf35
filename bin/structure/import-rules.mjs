const pureFolders = ["lib/sql", "lib/policy", "lib/masking", "lib/approval", "lib/audit", "lib/evidence", "lib/access"];
const purePackages = new Set([
  "zod",
  "libpg-query",
  "@cedar-policy/cedar-wasm/nodejs",
  "yaml",
  "canonicalize",
  "node:crypto",
  "node:buffer",
]);
const processes = ["app", "components", "broker", "workers"];
const tools = ["bin", "demo", "bench", "e2e"];

/** Which folders and packages a folder may not import. Types count: a type ties two parts together as well. */
const layers = [
  { of: "lib", never: [...processes, ...tools] },
  {
    of: "components",
    never: [
      "app",
      "broker",
      "workers",
      ...tools,
      "lib/store",
      "lib/db",
      "lib/env",
      "lib/bus",
      "lib/queues",
      "lib/secrets",
    ],
  },
  { of: "components", never: ["pg", "ioredis", "bullmq", "@prisma"] },
  { of: "app", never: ["broker", "workers", ...tools] },
  { of: "broker", never: ["app", "components", "workers", ...tools, "next", "react", "react-dom"] },
  { of: "workers", never: ["app", "components", "broker", ...tools, "next", "react", "react-dom"] },
  { of: "demo", never: [...processes, "bin", "bench", "e2e"] },
  { of: "bin", never: ["app", "components", "e2e"] },
  { of: "prisma", never: [...processes, ...tools] },
];

/** A package or module that only these may import. */
const exclusive = [
  { what: "generated/prisma", by: ["lib/db", "lib/store", "e2e/fixtures/prisma-peer"] },
  { what: "@prisma", by: ["lib/db", "lib/store", "e2e/fixtures/prisma-peer"] },
  { what: "bullmq", by: ["lib/queues"] },
];

/** Every import rule of architecture.md. */
export function importFaults(files) {
  return [
    ...files.flatMap(layerFaults),
    ...files.flatMap(pureFaults),
    ...files.flatMap(styleFaults),
    ...ribFaults(files),
    ...cycleFaults(files),
  ];
}

function layerFaults(file) {
  const faults = [];
  for (const { to, line } of file.imports) {
    for (const { of, never } of layers) {
      if (!under(file.path, of) || (file.test && under(to, "e2e/fixtures"))) continue;
      const forbidden = never.find((part) => under(to, part));
      if (forbidden) faults.push(fault(file, line, `${of} never imports ${forbidden}`));
    }
    const reserved = exclusive.find(({ what, by }) => under(to, what) && !by.some((part) => under(file.path, part)));
    if (reserved) faults.push(fault(file, line, `only ${reserved.by.join(" and ")} import ${reserved.what}`));
  }
  return faults;
}

function pureFaults(file) {
  if (file.test || !pureFolders.concat("broker/protocol").some((folder) => under(file.path, folder))) return [];
  return file.imports
    .filter(
      ({ to }) => !purePackages.has(to) && ![...pureFolders, "broker/protocol"].some((folder) => under(to, folder)),
    )
    .map(({ to, line }) => fault(file, line, `a pure folder does not import ${to}`));
}

/** Across parts by the alias, inside one by a relative path. A part is a folder at the top, or one of lib. */
function styleFaults(file) {
  if (!/\.tsx?$/.test(file.path) || under(file.path, "e2e")) return [];
  return file.imports
    .filter(({ from, to }) => from.startsWith("../") && partOf(to) !== partOf(file.path))
    .map(({ from, line }) => fault(file, line, `${from} leaves its part: import it by the alias @/`));
}

function partOf(path) {
  const [top, second = ""] = path.split("/");
  return top === "lib" ? `${top}/${second}` : top;
}

/**
 * The steps that a spine calls know neither a spine nor each other. A step is a file of broker/ from which
 * statement.ts takes something that runs; what several steps share is no step.
 */
function ribFaults(files) {
  const spines = ["broker/session", "broker/statement"];
  const stem = ({ path }) => path.replace(/\.tsx?$/, "");
  const spine = files.find((file) => stem(file) === "broker/statement");
  const called = new Set(
    (spine?.imports ?? []).filter(({ typeOnly, to }) => !typeOnly && /^broker\/[^/]+$/.test(to)).map(({ to }) => to),
  );
  const importers = (target) =>
    files.filter((file) => !file.test && file.imports.some(({ to, typeOnly }) => to === target && !typeOnly));
  const ribs = new Set([...called].filter((target) => importers(target).every((file) => spines.includes(stem(file)))));
  return files
    .filter((file) => file.folder === "broker" && !file.test && called.has(stem(file)))
    .flatMap((file) =>
      file.imports
        .filter(({ to }) => spines.includes(to) || (ribs.has(to) && to !== stem(file)))
        .map(({ to, line }) => fault(file, line, `a step of the statement does not import ${to}`)),
    );
}

function cycleFaults(files) {
  const byStem = new Map(files.map((file) => [file.path.replace(/\.(ts|tsx|mjs)$/, ""), file]));
  const state = new Map();
  const faults = [];
  const visit = (stem, trail) => {
    if (state.get(stem) === "done") return;
    if (state.get(stem) === "open") {
      const cycle = [...trail.slice(trail.indexOf(stem)), stem];
      faults.push(fault(byStem.get(stem), 0, `imports itself: ${cycle.join(" → ")}`));
      return;
    }
    state.set(stem, "open");
    for (const { to, typeOnly } of byStem.get(stem).imports)
      if (!typeOnly && byStem.has(to)) visit(to, [...trail, stem]);
    state.set(stem, "done");
  };
  for (const stem of byStem.keys()) visit(stem, []);
  return faults;
}

export function under(path, part) {
  return path === part || path.startsWith(`${part}/`) || path.replace(/\.(ts|tsx|mjs)$/, "") === part;
}

function fault(file, line, message) {
  return { file: file.path, line, message };
}

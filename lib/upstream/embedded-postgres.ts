import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseAccount, type PostgresAccount, removeCluster } from "./postgres-account";
import { clearLeftover, readPostmasterFile } from "./postmaster-file";

const superuser = "postgres";
const initMsMax = 120_000;
const startMsMax = 60_000;
const stopMsMax = 20_000;
const exitMsMax = 3_000;
const pollMs = 10;
const portAttemptsMax = 5;
const logBytesMax = 10 * 1024 * 1024;
const logTailLines = 5;

export type PostgresOptions = {
  /** the cluster's folder; made when absent, with its parents */
  dataDir: string;
  /** 0 takes a free one */
  port: number;
  /** of the role `postgres`; used when the cluster is made, and needed unchanged afterwards for `url` */
  superuserPassword: string;
  /** server settings over the defaults, e.g. `{ fsync: "off" }` */
  settings?: Record<string, string>;
};

export type EmbeddedPostgres = {
  port: number;
  /** process id of the postmaster */
  pid: number;
  /** A URI for `pg`: as the superuser, or as `role`. */
  url(database: string, role?: { name: string; password: string }): string;
  /** Fast shutdown; resolves when the process has gone. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when the server ends, for whatever reason. */
  ended: Promise<void>;
};

/**
 * Starts a real PostgreSQL from npm's binaries on the loopback interface: SCRAM only, no unix socket, 300 connections.
 * A server that a killed run left on the folder is stopped first; the caller makes sure that no live run owns it.
 * Throws an Error with the end of the server's log when it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const account = chooseAccount(options.dataDir);
  await clearLeftover(account.cluster);
  if (!existsSync(join(account.cluster, "PG_VERSION"))) await initialise(account, options.superuserPassword);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === 0 ? await freePort() : options.port;
    try {
      return await launchServer(account, { ...options, port });
    } catch (error) {
      // Between finding a free port and binding it, another program may take it.
      if (options.port !== 0 || attempt >= portAttemptsMax || !String(error).includes("could not bind")) throw error;
    }
  }
}

/** A throw-away server for tests: own folder, nothing flushed to disk; gone after `stop()` or when this process ends. */
export async function tempPostgres(settings: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-pg-"));
  const dataDir = join(folder, "data");
  const quick = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "32MB" };
  const remove = (): void => {
    removeCluster(dataDir);
    rmSync(folder, { recursive: true, force: true });
  };
  const superuserPassword = randomBytes(12).toString("base64url");
  const server = await startPostgres({
    dataDir,
    port: 0,
    superuserPassword,
    settings: { ...quick, ...settings },
  }).catch((error) => {
    remove();
    throw error;
  });
  const { cluster } = chooseAccount(dataDir);
  const onExit = (): void => {
    stopNow(server.pid, cluster);
    remove();
  };
  process.once("exit", onExit);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      process.removeListener("exit", onExit);
      remove();
    },
  };
}

/** A TCP port of the loopback interface that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Makes the cluster beside its place and renames it, so that an interrupted start never leaves half of one. */
async function initialise(account: PostgresAccount, password: string): Promise<void> {
  const fresh = `${account.cluster}.new`;
  const passwordFile = `${account.cluster}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  account.own(fresh);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  account.own(passwordFile);
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--auth=scram-sha-256", `--username=${superuser}`, `--pwfile=${passwordFile}`];
  try {
    const child = account.run(
      "initdb",
      ["-D", fresh, "--no-instructions", "--no-sync", ...locale, ...access],
      ["ignore", "ignore", "pipe"],
    );
    let complaint = "";
    child.stderr?.on("data", (chunk) => {
      complaint = (complaint + String(chunk)).slice(-2_000);
    });
    const code = await exitOf(child, initMsMax);
    if (code !== 0) throw new Error(`initdb failed (${code}): ${complaint.trim()}`);
    rmSync(account.cluster, { recursive: true, force: true });
    renameSync(fresh, account.cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function launchServer(account: PostgresAccount, options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { port } = options;
  const logFile = join(account.cluster, "server.log");
  if (existsSync(logFile) && statSync(logFile).size > logBytesMax) rmSync(logFile);
  const log = openSync(logFile, "a");
  const from = statSync(logFile).size;
  const child = account.run("postgres", ["-D", account.cluster, ...serverSettings(options)], ["ignore", log, log]);
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  await untilReady({ child, cluster: account.cluster, complaint: () => logTail(logFile, from) });
  return {
    port,
    pid: child.pid ?? 0,
    url: (database, role) => {
      const name = encodeURIComponent(role?.name ?? superuser);
      const password = encodeURIComponent(role?.password ?? options.superuserPassword);
      return `postgres://${name}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    },
    stop: () => shutDown(child, ended),
    ended,
  };
}

function serverSettings(options: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(options.port),
    unix_socket_directories: "",
    max_connections: "300",
    password_encryption: "scram-sha-256",
    timezone: "UTC",
    log_timezone: "UTC",
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

type Awaited = { child: ChildProcess; cluster: string; complaint: () => string };

async function untilReady({ child, cluster, complaint }: Awaited): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  const deadline = Date.now() + startMsMax;
  for (;;) {
    const state = readPostmasterFile(cluster);
    if (state?.ready && state.pid === child.pid) return;
    if (failure || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`PostgreSQL did not start: ${failure?.message ?? complaint()}`);
    }
    if (Date.now() > deadline) {
      child.kill("SIGQUIT");
      throw new Error(`PostgreSQL was not ready after ${startMsMax / 1000} s: ${complaint()}`);
    }
    await sleep(pollMs);
  }
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (recovers at the next start). */
async function shutDown(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  const patience = setTimeout(() => child.kill("SIGQUIT"), stopMsMax);
  await ended;
  clearTimeout(patience);
}

/** For `exit` handlers, where nothing can be awaited: a server removes its pid file as the last thing it does. */
function stopNow(pid: number, cluster: string): void {
  try {
    process.kill(pid, "SIGQUIT");
  } catch {
    return;
  }
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const deadline = Date.now() + exitMsMax;
  while (existsSync(join(cluster, "postmaster.pid")) && Date.now() < deadline) Atomics.wait(pause, 0, 0, pollMs);
}

function exitOf(child: ChildProcess, msMax: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), msMax);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      resolve(code);
    });
  });
}

function logTail(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString("utf8").trim().split("\n");
  return lines.slice(-logTailLines).join(" | ");
}

import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@/lib/upstream/embedded-postgres";

const places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];
const readyMsMax = 5_000;

export type PgBouncer = { url: string; stop(): Promise<void> };

/** PgBouncer in session mode before the upstream, as a yardstick; null where it is not installed. */
export async function startPgBouncer(upstream: string): Promise<PgBouncer | null> {
  const program = places.find((place) => existsSync(place));
  if (!program) return null;
  const { hostname, port: upstreamPort, username, password, pathname } = new URL(upstream);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "countersign-pgbouncer-"));
  const database = pathname.slice(1);
  const settings = [
    "[databases]",
    `${database} = host=${hostname} port=${upstreamPort} dbname=${database} user=${username} password=${password}`,
    "[pgbouncer]",
    `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
    `auth_type = scram-sha-256\nauth_file = ${join(folder, "users")}`,
    "pool_mode = session\nmax_client_conn = 500\ndefault_pool_size = 200\nignore_startup_parameters = extra_float_digits",
  ];
  writeFileSync(join(folder, "pgbouncer.ini"), `${settings.join("\n")}\n`);
  writeFileSync(join(folder, "users"), `"${username}" "${password}"\n`);
  // It refuses to run as root.
  const asNobody = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  if (asNobody.length > 0)
    for (const path of [folder, join(folder, "pgbouncer.ini"), join(folder, "users")]) chmodSync(path, 0o755);
  const child = spawn(program, ["-q", ...asNobody, join(folder, "pgbouncer.ini")], { stdio: "ignore" });
  await untilListening(child, port);
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGQUIT"); // immediate; SIGINT waits for clients
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + readyMsMax;
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error("PgBouncer did not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

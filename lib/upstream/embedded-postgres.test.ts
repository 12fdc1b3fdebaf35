import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { startPostgres, tempPostgres } from "./embedded-postgres";
import { removeCluster } from "./postgres-account";

const folder = mkdtempSync(join(tmpdir(), "countersign-test-"));
afterAll(() => {
  removeCluster(join(folder, "cluster"));
  rmSync(folder, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql);
    return Object.values(result.rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

describe("embedded PostgreSQL", () => {
  const options = { dataDir: join(folder, "cluster"), port: 0, superuserPassword: "p@ss:w/rd" };

  it("keeps its data over a stop and a start", async () => {
    const first = await startPostgres(options);
    await ask(first.url("postgres"), "CREATE TABLE kept AS SELECT 7 AS n");
    await first.stop();
    const second = await startPostgres(options);
    expect(await ask(second.url("postgres"), "SELECT n FROM kept")).toBe(7);
    await second.stop();
  });

  it("takes over from a server that a killed run left behind", async () => {
    const left = await startPostgres(options);
    const next = await startPostgres(options);
    await left.ended;
    expect(await ask(next.url("postgres"), "SELECT 1")).toBe(1);
    await next.stop();
  });

  it("asks every role for a password with SCRAM and listens on loopback only", async () => {
    const server = await startPostgres(options);
    await expect(ask(server.url("postgres", { name: "postgres", password: "wrong" }), "SELECT 1")).rejects.toThrow(
      /password/,
    );
    expect(await ask(server.url("postgres"), "SELECT current_setting('listen_addresses')")).toBe("127.0.0.1");
    expect(await ask(server.url("postgres"), "SELECT current_setting('unix_socket_directories')")).toBe("");
    expect(
      await ask(
        server.url("postgres"),
        "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'postgres'",
      ),
    ).toBe(true);
    await server.stop();
  });

  it("names the cause when the port is taken", async () => {
    const holder = await tempPostgres();
    await expect(startPostgres({ ...options, port: holder.port })).rejects.toThrow(/Address already in use/);
    await holder.stop();
  });

  it("leaves nothing of a temporary server", async () => {
    const server = await tempPostgres({ work_mem: "8MB" });
    expect(await ask(server.url("postgres"), "SHOW work_mem")).toBe("8MB");
    const place = String(await ask(server.url("postgres"), "SHOW data_directory"));
    await server.stop();
    expect(existsSync(place)).toBe(false);
    expect(() => process.kill(server.pid, 0)).toThrow();
  });
});

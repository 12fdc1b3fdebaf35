import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "@/lib/package-root";
import { readWithPrisma } from "../fixtures/prisma-peer";
import { principal, stack } from "../fixtures/stack";

/** Each peer reads the shop twice, directly and as an agent through the broker, and must see the same to the letter. */

const statements: [string, number[]][] = [
  ["SELECT count(*) AS n FROM orders", []],
  [
    "SELECT id, customer_id, status::text, currency, total, placed_at, shipped_at FROM orders ORDER BY id LIMIT 200",
    [],
  ],
  ["SELECT * FROM order_items WHERE order_id = $1 ORDER BY line", [42]],
  ["SELECT order_id, line FROM order_items WHERE order_id BETWEEN $1 AND $2 ORDER BY order_id, line", [10, 20]],
  [
    "SELECT p.category, sum(i.quantity * i.unit_price) AS sold FROM products p JOIN order_items i ON i.product_id = p.id GROUP BY 1 ORDER BY 1",
    [],
  ],
  [
    "WITH big AS (SELECT id, total, row_number() OVER (ORDER BY total DESC, id) AS place FROM orders) SELECT * FROM big WHERE place <= 10 ORDER BY place",
    [],
  ],
  ["SELECT id FROM products WHERE id < 4 UNION ALL SELECT id FROM orders WHERE id < 4 ORDER BY 1", []],
  ["SELECT ARRAY(SELECT id FROM products ORDER BY id LIMIT 5) AS ids, ARRAY['a', NULL, 'c,\"d'] AS texts", []],
  ["SELECT jsonb_build_object('sku', sku, 'price', price)::text AS product FROM products WHERE id = $1", [7]],
  ["SELECT date_trunc('month', placed_at) AS month, count(*) FROM orders GROUP BY 1 ORDER BY 1", []],
  ["SELECT n, n % 2 = 0 AS even, NULL::text AS nothing FROM generate_series(1, 5) AS n", []],
  ["SELECT 'naïve – ✓ ''quoted'' \\ back' AS text, E'tab\\there' AS escaped, $$dollar$$ AS dollar", []],
  ["SELECT true AS t, '01890000-0000-7000-8000-000000000001'::uuid AS u, 1.5::float8 AS f, 'NaN'::numeric AS n", []],
  ["SELECT '\\x00ff10'::bytea AS bytes, '2024-02-29'::date AS day, interval '1 day 2 hours' AS span", []],
  ["SELECT name FROM products WHERE name LIKE '%a%' ORDER BY name LIMIT 20", []],
  ["SELECT * FROM order_items ORDER BY order_id, line LIMIT 5000", []],
  ["SELECT 1 FROM nowhere", []],
  ["SELEC 1", []],
  ["SELECT 1 / (id - id) FROM products", []],
];

const python = "/usr/bin/python3";
const jdbc = "/usr/share/java/postgresql.jar";
const peer = (name: string): string => join(packageRoot(), "e2e/fixtures/peers", name);
const runs = (command: string, args: string[]): boolean => spawnSync(command, args).status === 0;
const missing = {
  psycopg: runs(python, ["-c", "import psycopg"]) ? null : "python3-psycopg is not installed",
  asyncpg: runs(python, ["-c", "import asyncpg"]) ? null : "python3-asyncpg is not installed",
  pgjdbc: existsSync(jdbc) && runs("javac", ["-version"]) ? null : "pgjdbc or a JDK is not installed",
  psql: runs("psql", ["--version"]) ? null : "psql is not installed",
  pgbench: runs("pgbench", ["--version"]) ? null : "pgbench is not installed",
};
for (const why of Object.values(missing)) if (why !== null) console.warn(`skipped: ${why}`);

let direct: string;
let governed: string;
let folder: string;

beforeAll(async () => {
  direct = (await stack()).upstream;
  governed = (await principal("reporting-agent")).dsn;
  folder = mkdtempSync(join(tmpdir(), "countersign-peers-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ran = { code: number | null; stdout: string; stderr: string };

function run(command: string, args: string[], input = ""): Promise<Ran> {
  const child = spawn(command, args, { env: { ...process.env, LC_ALL: "C.UTF-8", PGCONNECT_TIMEOUT: "10" } });
  const ran: Ran = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    ran.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    ran.stderr += String(chunk);
  });
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ ...ran, code })));
}

/** What the command printed both ways; it must have succeeded, and said something. */
async function bothWays(of: (dsn: string) => Promise<Ran>): Promise<[string, string]> {
  const [plain, through] = [await of(direct), await of(governed)];
  for (const ran of [plain, through]) expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout.length).toBeGreaterThan(0);
  return [plain.stdout, through.stdout];
}

describe("peers see the same directly and through the broker", () => {
  it.skipIf(missing.psycopg)("psycopg: text, binary, cursors, pipelines, COPY", async () => {
    const [plain, through] = await bothWays((dsn) =>
      run(python, [peer("read-shop-psycopg.py"), dsn], JSON.stringify(statements)),
    );
    expect(through).toBe(plain);
  });

  it.skipIf(missing.asyncpg)("asyncpg: prepared statements, binary, cursors", async () => {
    const [plain, through] = await bothWays((dsn) =>
      run(python, [peer("read-shop-asyncpg.py"), dsn], JSON.stringify(statements)),
    );
    expect(through).toBe(plain);
  });

  it.skipIf(missing.pgjdbc)("pgjdbc: prepared on the server, fetch size, metadata", async () => {
    const compiled = await run("javac", ["-d", folder, peer("read-shop.java")]);
    expect(compiled).toMatchObject({ code: 0 });
    const lines = statements.map(([sql, values]) => [sql.replace(/\$\d+/g, "?"), ...values].join("\t")).join("\n");
    const [plain, through] = await bothWays((dsn) => {
      const { host, pathname, username, password } = new URL(dsn);
      const login = [username, password].map(decodeURIComponent);
      const args = ["-cp", `${jdbc}:${folder}`, "ReadShop", `jdbc:postgresql://${host}${pathname}`, ...login];
      return run("java", args, lines);
    });
    expect(through).toBe(plain);
  });

  it("Prisma: raw statements and a transaction", async () => {
    const plain = await readWithPrisma(direct, statements);
    expect(plain).toContain("sqlstate");
    expect(await readWithPrisma(governed, statements)).toBe(plain);
  });

  it.skipIf(missing.psql).each<[string, string[]]>([
    ["-c", statements.slice(0, 2).flatMap(([sql]) => ["-c", sql])],
    ["\\d of a table", ["-c", "\\d products", "-c", "\\d orders", "-c", "\\dt order*", "-c", "\\dT+ order_status"]],
    [
      "\\copy",
      ["-c", "\\copy (SELECT * FROM order_items ORDER BY 1, 2 LIMIT 1000) TO STDOUT WITH (FORMAT csv, HEADER)"],
    ],
    [
      "COPY in binary",
      ["-c", "COPY (SELECT id, total FROM orders ORDER BY id LIMIT 100) TO STDOUT WITH (FORMAT binary)"],
    ],
    [
      "a cursor",
      [
        "-c",
        "BEGIN",
        "-c",
        "DECLARE c CURSOR FOR SELECT id, total FROM orders ORDER BY id",
        "-c",
        "FETCH 5 FROM c",
      ].concat(["-c", "MOVE 10 FROM c", "-c", "FETCH 5 FROM c", "-c", "CLOSE c", "-c", "COMMIT"]),
    ],
    ["FETCH_COUNT", ["-v", "FETCH_COUNT=100", "-c", "SELECT id, total FROM orders ORDER BY id LIMIT 450"]],
    ["TABLE and VALUES", ["-c", "TABLE products", "-c", "VALUES (1), (2)"]],
  ])("psql: %s", async (_what, args) => {
    const [plain, through] = await bothWays((dsn) => run("psql", [dsn, "-X", "-v", "ON_ERROR_STOP=1", ...args]));
    expect(through).toBe(plain);
  });

  it.skipIf(missing.pgbench).each(["simple", "extended", "prepared"])("pgbench: the %s protocol", async (protocol) => {
    const script = join(folder, "read.sql");
    writeFileSync(script, "\\set id random(1, 4000)\nSELECT total FROM orders WHERE id = :id;\n");
    const args = ["-n", "-M", protocol, "-f", script, "-c", "4", "-j", "1", "-t", "100"];
    for (const dsn of [direct, governed]) {
      const ran = await run("pgbench", [...args, dsn]);
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain("number of transactions actually processed: 400/400");
      expect(ran.stdout).toContain("number of failed transactions: 0 ");
    }
  });
});

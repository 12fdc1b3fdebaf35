// `npm run ask -- NAME "STATEMENT"`: psql for machines without psql, as one of the demo's principals.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { root } from "./bootstrap.mjs";

const rowsShownMax = 50;
const [name, ...words] = process.argv.slice(2);
const statement = words.join(" ");
const home = resolve(root, process.env.COUNTERSIGN_HOME ?? ".countersign");

function leave(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function readDemo() {
  try {
    return JSON.parse(readFileSync(join(home, "demo.json"), "utf8"));
  } catch {
    return leave(`No demo is running from ${home}: start it with npm run demo`);
  }
}

const { principals } = readDemo();
const principal = principals.find((candidate) => candidate.name === name);
if (!principal || !statement) {
  leave(`Usage: npm run ask -- NAME "STATEMENT", NAME being one of ${principals.map((one) => one.name).join(", ")}`);
}

const client = new pg.Client({ connectionString: principal.dsn });
client.on("notice", ({ message }) => process.stderr.write(`NOTICE: ${message}\n`));
client.on("error", () => {}); // reported by the statement that runs
try {
  await client.connect();
  const { command, rowCount, rows } = await client.query(statement);
  if (rows.length > 0) console.table(rows.slice(0, rowsShownMax));
  process.stdout.write(`${command} ${rowCount ?? ""}\n`);
} catch (error) {
  process.stderr.write(`${error.severity ?? "ERROR"} ${error.code ?? ""}: ${error.message}\n`);
  if (error.detail) process.stderr.write(`DETAIL: ${error.detail}\n`);
  if (error.hint) process.stderr.write(`HINT: ${error.hint}\n`);
  process.exitCode = 1;
} finally {
  await client.end().catch(() => {});
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "@/lib/package-root";
import { type AttackDatabase, attackDatabase, extended, formsIn, query } from "../fixtures/attack-database";
import { errorsOf, sync } from "../fixtures/raw-client";

const fixture = (name: string): string => readFileSync(join(packageRoot(), "e2e/fixtures", name), "utf8");
const mark = "SECRET";
const traps = `
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'no ' || OLD.ssn; END $$;
CREATE FUNCTION whisper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'saw %', OLD.ssn; RETURN NEW; END $$;
CREATE TRIGGER shouts BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.name = 'shout') EXECUTE FUNCTION shout();
CREATE TRIGGER whispers BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.name = 'whisper') EXECUTE FUNCTION whisper();
ALTER TABLE users ADD CONSTRAINT checked CHECK (name <> 'checked');
CREATE TABLE child (extra int) INHERITS (users);
INSERT INTO child SELECT 1000 + i, 'c', 'SECRET-C' || i FROM generate_series(1, 5) i;
CREATE TABLE notes (id int, note text); INSERT INTO notes VALUES (1, 'n');
CREATE FUNCTION lower(int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.users WHERE id = $1';
CREATE FUNCTION fullssn(users) RETURNS text LANGUAGE sql AS 'SELECT $1.ssn';
CREATE OPERATOR <<<>>> (leftarg = int, rightarg = int, function = int4pl);
CREATE VIEW viewed AS SELECT * FROM v_users; CREATE VIEW called AS SELECT id, get_ssn(id) AS g FROM users;
CREATE VIEW whole AS SELECT to_jsonb(u) AS j FROM users u;`;
const cedar = `
@id("attacks-read") permit (principal is Person, action, resource in Database::"probes");
@id("attacks-agents")
permit (principal in Group::"maintenance", action in [Action::"read", Action::"write", Action::"routine"], resource in Database::"probes");`;
const columns = ["ssn", "profile", "tags", "doc"].map((name) => `probes.public.users.${name}`).join(", ");
const masking = {
  labels: `  - id: probes.secret\n    columns: [${columns}]\n`,
  rules:
    '  - id: probes-doc\n    match: { columns: [probes.public.users.doc] }\n    mask: "null"\n' +
    "  - id: probes-secret\n    match: { label: probes.secret }\n    mask: redact\n",
};

/** Tried by hand first: each shows the mark when it is sent directly, or looks as if it might. */
const attacks = `
SELECT (users).ssn FROM users
SELECT (u.*).ssn FROM users u
SELECT ssn(u) FROM users u
SELECT u.fullssn FROM users u
SELECT t.*::text FROM users t
SELECT public.users.* FROM public.users
SELECT (x.u).ssn FROM (SELECT u FROM users u) x
SELECT lower(id) FROM users
SELECT public.lower(1)
SELECT 1 <<<>>> 2
SELECT * FROM viewed
SELECT * FROM called
SELECT * FROM whole
SELECT * FROM mv_users
TABLE ONLY child
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest((SELECT tags FROM users LIMIT 1))) AS t(a, b)
SELECT * FROM users u CROSS JOIN LATERAL (VALUES (u.ssn)) v(s)
SELECT jt.* FROM users u, JSON_TABLE(u.profile, '$' COLUMNS (s text PATH '$.ssn')) jt
SELECT xt.* FROM users u, XMLTABLE('/r' PASSING u.doc COLUMNS s text PATH 'ssn') xt
SELECT mode() WITHIN GROUP (ORDER BY ssn), ssn FROM users GROUP BY CUBE (ssn)
SELECT first_value(ssn) OVER (ORDER BY ssn ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM users
WITH RECURSIVE r(n, s) AS (SELECT 1, (SELECT ssn FROM users LIMIT 1) UNION ALL SELECT n + 1, s FROM r WHERE n < 3) TABLE r
WITH users AS (SELECT * FROM users) SELECT * FROM users
WITH w AS (UPDATE users SET name = 'x' WHERE id = 1 RETURNING *) SELECT * FROM w
UPDATE users SET name = 'x' WHERE id = 1 RETURNING old.ssn
UPDATE users SET name = 'x' WHERE id = 1 RETURNING WITH (OLD AS o) o.ssn
UPDATE users SET (name, email) = (SELECT ssn, ssn FROM users u WHERE u.id = users.id) WHERE id = 1
UPDATE users SET name = 'shout' WHERE id = 1
UPDATE users SET name = 'whisper' WHERE id = 1
UPDATE users SET name = 'checked' WHERE id = 1
UPDATE users SET id = 2 WHERE id = 1
UPDATE users SET id = NULL WHERE id = 1
UPDATE notes SET note = u.ssn FROM users u WHERE u.id = notes.id RETURNING note
INSERT INTO notes SELECT 1, to_json(u)::text FROM users u RETURNING note
INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = users.ssn RETURNING name
MERGE INTO users t USING (SELECT 1 id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = 'z' RETURNING t.*
MERGE INTO notes t USING users s ON t.id = s.id WHEN MATCHED THEN UPDATE SET note = s.ssn RETURNING t.note
EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM users
SELECT stavalues1 FROM pg_catalog.pg_statistic WHERE starelid = 'users'::regclass
SELECT table_to_xml('users', true, false, '')
SELECT * FROM ts_stat('select to_tsvector(ssn) from users')
SELECT set_config('application_name', ssn, false) FROM users LIMIT 1
SELECT pg_notify('a', ssn) FROM users
COPY users TO STDOUT WITH (FORMAT binary)
COPY child TO STDOUT
COPY (UPDATE users SET name = 'x' WHERE id = 1 RETURNING ssn) TO STDOUT
SET bytea_output = 'escape'; SELECT ssn::bytea FROM users
SET client_encoding = 'LATIN1'; SELECT ssn FROM users
SELECT U&"\\0073sn" FROM U&"\\0075sers"
SELECT U&"!0073sn" UESCAPE '!' FROM U&"!0075sers" UESCAPE '!'
DO $$ BEGIN RAISE NOTICE '%', (SELECT ssn FROM users LIMIT 1); END $$
SELECT ssn::regclass FROM users
SELECT ssn::int FROM users
SELECT id FROM users WHERE ssn::date > now()
SELECT k.* FROM users a JOIN users b USING (id, ssn) AS k
SELECT reverse(ssn), encode(ssn::bytea, 'base64'), encode(ssn::bytea, 'hex') FROM users
SELECT * FROM json_each_text((SELECT row_to_json(u) FROM users u LIMIT 1))
SELECT u.* FROM users u GROUP BY u.id, u.ssn HAVING u.ssn > ''
DECLARE c CURSOR FOR SELECT ssn FROM users; FETCH ALL FROM c`
  .trim()
  .split("\n");

const corpus = fixture("masking-probes.tsv")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split("\t")[1] ?? "");

let database: AttackDatabase;

beforeAll(async () => {
  database = await attackDatabase({ name: "probes", sql: fixture("masking-probes.sql") + traps, cedar, masking });
});
afterAll(() => database.restore());

/** Every way to send a statement and take its result. */
const forms: Record<string, (sql: string) => Buffer> = {
  simple: query,
  "extended, binary": (sql) => Buffer.concat([extended(sql, { binary: true }), sync]),
  "extended, text": (sql) => Buffer.concat([extended(sql), sync]),
  COPY: (sql) => query(`COPY (${sql}) TO STDOUT`),
  "binary COPY": (sql) => query(`COPY (${sql}) TO STDOUT WITH (FORMAT binary)`),
  cursor: (sql) => query(`DECLARE q CURSOR FOR ${sql}; FETCH ALL FROM q`),
  CTE: (sql) => query(`WITH q AS (${sql}) SELECT q::text, to_json(q) FROM q`),
  EXPLAIN: (sql) => query(`EXPLAIN (ANALYZE, VERBOSE) ${sql}`),
};
const plainForms = ["simple", "extended, binary"];

/** Statements that showed the mark, and how many ran; each in a transaction that is rolled back. */
async function leaks(
  principal: string,
  statements: string[],
  names = Object.keys(forms),
): Promise<{ leaking: string[]; ran: number }> {
  const client = await database.open(principal);
  const leaking: string[] = [];
  let ran = 0;
  for (const sql of statements) {
    for (const name of names) {
      client.received.length = 0;
      client.send(Buffer.concat([query("BEGIN"), forms[name]!(sql), query("ROLLBACK")]));
      const messages = [...(await client.until("Z")), ...(await client.until("Z")), ...(await client.until("Z"))];
      if (errorsOf(messages).length === 0) ran += 1;
      if (formsIn(Buffer.concat(client.received), mark).length > 0) leaking.push(`${name}: ${sql}`);
    }
  }
  client.destroy();
  return { leaking, ran };
}

describe("a canary in a masked column", () => {
  it("is found in what a direct connection returns", async () => {
    const [row] = await database.directly("SELECT ssn, reverse(ssn) AS r, encode(ssn::bytea, 'hex') AS h FROM users");
    for (const value of Object.values(row ?? {})) expect(formsIn(Buffer.from(String(value)), mark)).not.toEqual([]);
  });

  it("reaches nobody through the corpus, in any form of sending it", async () => {
    const { leaking, ran } = await leaks("engineer", corpus);
    expect(leaking).toEqual([]);
    expect(ran).toBeGreaterThan(400); // still useful
  });

  it.each(["maintenance-agent", "reporting-agent"])("reaches no agent through the corpus: %s", async (principal) => {
    expect((await leaks(principal, corpus, plainForms)).leaking).toEqual([]);
  });

  it.each(["engineer", "maintenance-agent"])("reaches nobody through attacks of our own: %s", async (principal) => {
    expect((await leaks(principal, attacks, plainForms)).leaking).toEqual([]);
  });
});

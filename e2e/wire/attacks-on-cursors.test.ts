import { afterAll, beforeAll, expect, it } from "vitest";
import { type AttackDatabase, attackDatabase, formsIn } from "../fixtures/attack-database";
import { type BackendMessage, bindMessage, errorsOf, executeMessage, parseMessage, sync } from "../fixtures/raw-client";

const mark = "SECRET";
const sql = `CREATE TABLE users (id int PRIMARY KEY, ssn text);
  INSERT INTO users SELECT i, 'SECRET-' || i FROM generate_series(1, 20) i;`;
const cedar = `
@id("attacks-cursors") permit (principal is Person, action, resource in Database::"cursors");`;
const masking = {
  labels: "  - id: cursors.secret\n    columns: [cursors.public.users.ssn]\n",
  rules: "  - id: cursors-secret\n    match: { label: cursors.secret }\n    mask: redact\n",
};

let database: AttackDatabase;

beforeAll(async () => {
  database = await attackDatabase({ name: "cursors", sql, cedar });
});
afterAll(() => database.restore());

it("shows nothing from cursors and portals that were open when their column was masked", async () => {
  const [cursor, held, portal] = await Promise.all(["engineer", "engineer", "engineer"].map(database.open));
  for (const text of ["BEGIN", "DECLARE c CURSOR FOR SELECT ssn FROM users", "FETCH 2 FROM c"]) await cursor!.run(text);
  for (const text of ["DECLARE c CURSOR WITH HOLD FOR SELECT ssn FROM users", "FETCH 2 FROM c"]) await held!.run(text);
  await portal!.run("BEGIN");
  const more = async (...before: Buffer[]): Promise<BackendMessage[]> => {
    portal!.send(Buffer.concat([...before, executeMessage({ portal: "p", rows: 2 }), sync]));
    return portal!.until("Z");
  };
  await more(parseMessage("SELECT ssn FROM users", "s"), bindMessage([], { name: "s", portal: "p" }));
  for (const client of [cursor!, held!, portal!]) {
    expect(formsIn(Buffer.concat(client.received), mark)).not.toEqual([]);
    client.received.length = 0;
  }

  await database.mask(masking);

  for (const messages of [await cursor!.run("FETCH 2 FROM c"), await held!.run("FETCH 2 FROM c"), await more()]) {
    expect(errorsOf(messages)[0]).toMatchObject({ C: "0A000", H: "close it and open it again" });
  }
  for (const client of [cursor!, held!, portal!]) {
    expect(formsIn(Buffer.concat(client.received), mark)).toEqual([]);
    client.destroy();
  }
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, tempPostgres } from "./embedded-postgres";
import { tryConnection } from "./try-connection";

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await tempPostgres();
});
afterAll(() => server?.stop());

function changed(change: (url: URL) => void): string {
  const url = new URL(server.url("postgres"));
  change(url);
  return url.href;
}

describe("tryConnection", () => {
  it("says what the login finds", async () => {
    expect(await tryConnection(server.url("postgres"))).toMatchObject({
      ok: true,
      databaseName: "postgres",
      superuser: true,
      tls: false,
      readable: 0,
    });
  });

  it("repeats what the server said about a wrong password, without the password", async () => {
    const trial = await tryConnection(changed((url) => (url.password = "wrong-secret")));
    expect(trial).toMatchObject({ ok: false, code: "28P01" });
    expect(JSON.stringify(trial)).toMatch(/password authentication failed/);
    expect(JSON.stringify(trial)).not.toMatch(/wrong-secret/);
  });

  it("tells a missing database from a missing server", async () => {
    const elsewhere = await tryConnection(changed((url) => (url.pathname = "/nowhere")));
    expect(elsewhere).toMatchObject({ ok: false, code: "3D000" });
    const closed = await tryConnection(changed((url) => (url.port = "1")));
    expect(closed).toMatchObject({ ok: false, code: "ECONNREFUSED" });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Certificate, makeCertificate, opensslMissing } from "@/e2e/fixtures/certificate";
import { type EmbeddedPostgres, tempPostgres } from "@/lib/upstream/embedded-postgres";
import { openUpstream } from "./upstream";
import { readUpstreamUrl } from "./upstream-url";

const missing = opensslMissing();

const access = `
hostssl all scram_role all scram-sha-256
hostssl all tls_role all scram-sha-256
hostnossl all tls_role all reject
host all md5_role all md5
host all clear_role all password
host all all all scram-sha-256
`;
const password = "pa ss/wörd%";

let server: EmbeddedPostgres;
let own: Certificate;
let foreign: Certificate;
let folder: string;

/** Logs in by a URI; what the upstream says of itself, or why it failed. */
async function login(role: string, parameters: Record<string, string>, host = "localhost"): Promise<string> {
  const url = new URL(server.url("postgres", { name: role, password }));
  url.hostname = host;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const opened = await openUpstream(readUpstreamUrl(url.href), [["application_name", "test of upstreams"]]);
  if ("failed" in opened) return opened.failed;
  opened.socket.destroy();
  return "encrypted" in opened.socket ? "logged in over TLS" : "logged in in clear";
}

describe.skipIf(missing)(`an upstream with TLS${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    own = makeCertificate("DNS:localhost");
    foreign = makeCertificate("DNS:localhost");
    folder = mkdtempSync(join(tmpdir(), "countersign-hba-"));
    writeFileSync(join(folder, "hba"), access);
    server = await tempPostgres({
      ssl: "on",
      ssl_cert_file: own.cert,
      ssl_key_file: own.key,
      hba_file: join(folder, "hba"),
    });
    const admin = new pg.Client({ connectionString: server.url("postgres") });
    await admin.connect();
    for (const role of ["scram_role", "tls_role", "clear_role"]) {
      await admin.query(`create role ${role} login password '${password}'`);
    }
    await admin.query("set password_encryption = 'md5'");
    await admin.query(`create role md5_role login password '${password}'`);
    await admin.end();
  });

  afterAll(async () => {
    await server?.stop();
    own?.remove();
    foreign?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is accepted with verify-full where the authority and the name are right", async () => {
    expect(await login("scram_role", { sslmode: "verify-full", sslrootcert: own.ca })).toBe("logged in over TLS");
  });

  it.each([
    ["verify-full", "a foreign authority", () => foreign.ca, "localhost"],
    ["verify-ca", "a foreign authority", () => foreign.ca, "localhost"],
    ["verify-full", "the system's authorities only", () => "system", "localhost"],
    ["verify-full", "another name", () => own.ca, "127.0.0.1"],
  ])("is refused with %s where it has %s", async (sslmode, _what, ca, host) => {
    expect(await login("scram_role", { sslmode, sslrootcert: ca() }, host)).not.toContain("logged in");
  });

  it("is accepted under another name where only the authority is verified", async () => {
    expect(await login("scram_role", { sslmode: "verify-ca", sslrootcert: own.ca }, "127.0.0.1")).toBe(
      "logged in over TLS",
    );
  });

  it.each(["require", "prefer"])("is spoken to over TLS with %s", async (sslmode) => {
    expect(await login("tls_role", { sslmode })).toBe("logged in over TLS");
  });

  it("refuses a role that must use TLS and does not, in its own words", async () => {
    expect(await login("tls_role", { sslmode: "disable" })).toContain("pg_hba.conf rejects connection");
  });

  it.each([
    ["md5_role", "disable", "logged in in clear"],
    ["md5_role", "require", "logged in over TLS"],
    ["clear_role", "require", "logged in over TLS"],
  ])("logs %s in with %s", async (role, sslmode, expected) => {
    expect(await login(role, { sslmode })).toBe(expected);
  });

  it("says that a password is wrong and not which", async () => {
    const url = new URL(server.url("postgres", { name: "md5_role", password: "wrong" }));
    const opened = await openUpstream(readUpstreamUrl(url.href), []);
    expect(opened).toMatchObject({ sqlstate: "28P01" });
    expect(JSON.stringify(opened)).not.toContain("wrong");
  });
});

describe("an upstream without TLS", () => {
  it("is refused where its address demands TLS, and never sent a password", async () => {
    const plain = await tempPostgres();
    const url = new URL(plain.url("postgres"));
    url.searchParams.set("sslmode", "require");
    expect(await openUpstream(readUpstreamUrl(url.href), [])).toMatchObject({
      failed: "the upstream does not speak TLS, which its address demands",
    });
    await plain.stop();
  });
});

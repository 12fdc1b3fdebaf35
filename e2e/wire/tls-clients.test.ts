import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Certificate, makeCertificate, opensslMissing } from "../fixtures/certificate";
import { ownBroker, principal } from "../fixtures/stack";

const missing = opensslMissing();
const hasPsql = spawnSync("psql", ["--version"]).status === 0;

let own: Certificate;
let foreign: Certificate;
let broker: Awaited<ReturnType<typeof ownBroker>>;

/** What psql says over the connection, or why there is none. */
async function psql(settings: Record<string, string>): Promise<string> {
  const { user, password, database } = await principal("reporting-agent");
  const all = { hostaddr: "127.0.0.1", port: String(broker.port), user, dbname: database, ...settings };
  const conninfo = Object.entries(all).map(([name, value]) => `${name}='${value}'`);
  const ran = spawnSync("psql", [conninfo.join(" "), "-XAtc", "SELECT 'through'"], {
    encoding: "utf8",
    env: { ...process.env, PGPASSWORD: password },
  });
  return ran.status === 0 ? ran.stdout.trim() : ran.stderr;
}

describe.skipIf(missing)(`a broker with a certificate${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    own = makeCertificate("DNS:localhost");
    foreign = makeCertificate("DNS:localhost");
    broker = await ownBroker({ BROKER_TLS_CERT: own.cert, BROKER_TLS_KEY: own.key });
  });

  afterAll(async () => {
    await broker?.stop();
    own?.remove();
    foreign?.remove();
  });

  it.skipIf(!hasPsql)("is verified by psql, with the login bound to the channel", async () => {
    const verified = { host: "localhost", sslmode: "verify-full", sslrootcert: own.ca };
    expect(await psql({ ...verified, channel_binding: "require" })).toBe("through");
    expect(await psql({ ...verified, channel_binding: "disable" })).toBe("through");
  });

  it.skipIf(!hasPsql)("is refused by psql under another name or authority", async () => {
    const verified = { host: "localhost", sslmode: "verify-full" };
    expect(await psql({ ...verified, sslrootcert: foreign.ca })).toContain("certificate verify failed");
    expect(await psql({ ...verified, host: "elsewhere", sslrootcert: own.ca })).toContain("does not match host name");
  });

  it("serves node-postgres with verification", async () => {
    const { user, password, database } = await principal("reporting-agent");
    const client = new pg.Client({
      host: "localhost",
      port: broker.port,
      user,
      password,
      database,
      ssl: { ca: readFileSync(own.ca, "utf8"), servername: "localhost" },
      enableChannelBinding: true,
    } as pg.ClientConfig);
    await client.connect();
    expect((await client.query("SELECT count(*) > 0 AS some FROM orders")).rows).toEqual([{ some: true }]);
    await client.end();
  });

  it("cancels a statement by a request over TLS", async () => {
    const { user, password, database } = await principal("reporting-agent");
    const config = { host: "localhost", port: broker.port, user, password, database };
    const client = new pg.Client({ ...config, ssl: { rejectUnauthorized: false } });
    await client.connect();
    const slow = client
      .query("SELECT count(*) FROM order_items a, order_items b, order_items c WHERE a.line = b.line")
      .then(
        () => "finished",
        (error) => error.code,
      );
    await new Promise((resolve) => setTimeout(resolve, startedMs));
    await cancelOverTls(broker.port, client);
    expect(await slow).toBe("57014");
    await client.end();
  });
});

/** what a statement needs to reach the upstream */
const startedMs = 500;

/** SSLRequest, handshake, CancelRequest; resolves when the broker has closed. */
async function cancelOverTls(port: number, client: pg.Client): Promise<void> {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const socket = connectTcp(port, "127.0.0.1");
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  const [answer] = await once(socket, "data");
  expect(String(answer)).toBe("S");
  const secured = connectTls({ socket, rejectUnauthorized: false });
  await once(secured, "secureConnect");
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(16, 0);
  bytes.writeUInt32BE(80877102, 4);
  bytes.writeInt32BE(processID, 8);
  bytes.writeInt32BE(secretKey, 12);
  secured.write(bytes);
  secured.resume();
  await once(secured, "close");
}

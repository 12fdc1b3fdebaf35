import pg from "pg";
import { messageOf } from "@/lib/errors";
import { type EmbeddedPostgres, startPostgres } from "@/lib/upstream/embedded-postgres";
import { damagedHome, type Home } from "./home";
import { quietPort } from "./ports";

export type ClusterUrls = { storeOwner: string; storeApplication: string; shopOwner: string; shopBroker: string };
export type Cluster = { server: EmbeddedPostgres; urls: ClusterUrls };

/** Starts the home's own PostgreSQL with its databases and roles. Idempotent. */
export async function startCluster(home: Home): Promise<Cluster> {
  const { settings } = home;
  settings.ports.postgres = await quietPort(settings.ports.postgres);
  const server = await startPostgres({
    dataDir: home.path("postgres"),
    port: settings.ports.postgres,
    superuserPassword: settings.passwords.superuser,
  }).catch((error: unknown) => {
    throw settings.clusterMade ? damagedHome(home.folder, messageOf(error)) : error;
  });
  settings.clusterMade = true;
  home.save();
  try {
    await makeDatabases(server, settings.passwords);
  } catch (error) {
    await server.stop();
    throw damagedHome(home.folder, `its database does not accept us: ${messageOf(error)}`);
  }
  return { server, urls: urlsOf(server, settings.passwords) };
}

type Passwords = Home["settings"]["passwords"];

function urlsOf(server: EmbeddedPostgres, passwords: Passwords): ClusterUrls {
  return {
    storeOwner: server.url("countersign", { name: "countersign_owner", password: passwords.storeOwner }),
    storeApplication: server.url("countersign", { name: "countersign_app", password: passwords.storeApplication }),
    shopOwner: server.url("shop", { name: "shop_owner", password: passwords.shopOwner }),
    shopBroker: server.url("shop", { name: "shop_broker", password: passwords.shopBroker }),
  };
}

async function makeDatabases(server: EmbeddedPostgres, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    await makeRole(client, "countersign_owner", passwords.storeOwner);
    await makeRole(client, "countersign_app", passwords.storeApplication);
    await makeRole(client, "shop_owner", passwords.shopOwner);
    await makeRole(client, "shop_broker", passwords.shopBroker);
    // What the broker's role may do, it could really do: refusals come from the policies and not from the database.
    await client.query("GRANT shop_owner TO shop_broker");
    await makeDatabase(client, "countersign", "countersign_owner");
    await client.query("GRANT CONNECT ON DATABASE countersign TO countersign_app");
    await makeDatabase(client, "shop", "shop_owner");
    await client.query("GRANT CONNECT ON DATABASE shop TO shop_broker");
  } finally {
    await client.end();
  }
}

async function makeRole(client: pg.Client, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [name]);
  if (rowCount) return;
  await client.query(`CREATE ROLE ${pg.escapeIdentifier(name)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
}

async function makeDatabase(client: pg.Client, name: string, owner: string): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
  const database = pg.escapeIdentifier(name);
  if (!rowCount) await client.query(`CREATE DATABASE ${database} OWNER ${pg.escapeIdentifier(owner)}`);
  // Neither database's roles may look into the other.
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
}

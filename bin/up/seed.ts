import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { demoAgents, demoGroups, demoPeople } from "@/demo/people";
import { AppError, isAppError } from "@/lib/errors";
import { packageRoot } from "@/lib/package-root";
import { systemActor } from "@/lib/store/actor";
import { addAgent } from "@/lib/store/agents";
import { activateBundle, readActiveBundle, saveBundle } from "@/lib/store/bundles";
import { putDatabase, upstreamUrl } from "@/lib/store/databases";
import { addGroup } from "@/lib/store/groups";
import { addPerson } from "@/lib/store/people";
import { syncCatalog } from "@/lib/store/sync-catalog";
import { issueToken, listTokens } from "@/lib/store/tokens";
import { loadShop } from "@/prisma/seed/load-shop";
import { readBundleFolder } from "./bundle-folder";
import type { ClusterUrls } from "./cluster";
import type { Home } from "./home";

const by = systemActor("demo");
const database = "shop";
const labels = { env: "production" };

/** Fills the sample database. Safe to repeat. */
export async function seedShop(urls: ClusterUrls): Promise<void> {
  const schema = await readFile(join(packageRoot(), "prisma/seed/schema.sql"), "utf8");
  const client = new pg.Client({ connectionString: urls.shopOwner });
  await client.connect();
  try {
    await loadShop(client, schema);
  } finally {
    await client.end();
  }
}

/** Puts the demo's people, agents, database and policies into the store. Safe to repeat after an interrupted start. */
export async function seedStore(urls: ClusterUrls): Promise<void> {
  for (const name of demoGroups) await unlessPresent(addGroup({ name }, by));
  for (const { email, name, role, groups } of demoPeople)
    await unlessPresent(addPerson({ email, name, role, groups }, by));
  for (const agent of demoAgents) await unlessPresent(addAgent(agent, by));
  await register(urls);
  if (!(await readActiveBundle())) await activatePolicies();
}

/** The cluster may have moved to another port since; the registration follows it. */
export async function followPort(urls: ClusterUrls): Promise<void> {
  const known = await upstreamUrl(database).catch((error: unknown) => {
    if (isAppError(error) && error.code === "not_found") return null; // removed on purpose
    throw error;
  });
  if (known !== null && known !== urls.shopBroker) await register(urls);
}

/** A live token for each of the demo's principals, kept in the home because the store cannot show one again. */
export async function demoTokens(home: Home): Promise<Record<string, string>> {
  const live = new Set(
    (await listTokens())
      .filter(({ revokedAt, expiresAt }) => !revokedAt && (!expiresAt || expiresAt.getTime() > Date.now()))
      .map(({ id }) => id),
  );
  const secrets: Record<string, string> = {};
  for (const principal of demoPrincipals()) {
    const kept = home.settings.tokens[principal];
    const token = kept && live.has(kept.id) ? kept : await issue(principal);
    home.settings.tokens[principal] = { id: token.id, secret: token.secret };
    secrets[principal] = token.secret;
  }
  home.save();
  return secrets;
}

function demoPrincipals(): string[] {
  return [...demoAgents.map(({ name }) => `agent/${name}`), ...demoPeople.map(({ email }) => `person/${email}`)];
}

/** Nobody is named as the issuer: who issues a token can never review what it asks for. */
function issue(principal: string): Promise<{ id: string; secret: string }> {
  return issueToken({ principal, ttlSeconds: null, issuedBy: null }, by);
}

async function register(urls: ClusterUrls): Promise<void> {
  await putDatabase({ name: database, url: urls.shopBroker, labels }, by);
  const synced = await syncCatalog(database, by);
  if (synced.outcome === "failed")
    throw new AppError("unavailable", `the shop's catalog cannot be read: ${synced.error}`);
}

async function activatePolicies(): Promise<void> {
  const files = await readBundleFolder(join(packageRoot(), "policies"));
  const { version } = await saveBundle({ files, note: "The example policies", author: null }, by);
  const result = await activateBundle({ version, person: null }, by);
  if (result.outcome === "activated") return;
  const faults = result.outcome === "invalid" ? result.faults.map(({ file, message }) => `${file}: ${message}`) : [];
  throw new AppError("invalid", "the example policies cannot be activated", { faults });
}

async function unlessPresent(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isAppError(error) || error.code !== "conflict") throw error;
  }
}

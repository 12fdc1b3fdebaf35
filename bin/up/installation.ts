import { mkdirSync } from "node:fs";
import { startMailSink } from "@/demo/mail-sink";
import { demoPeople } from "@/demo/people";
import { startSignInProvider } from "@/demo/sign-in-provider";
import { closeBus } from "@/lib/bus";
import { closeDb } from "@/lib/db";
import { changeEnv, env } from "@/lib/env";
import { packageRoot } from "@/lib/package-root";
import { closeQueues } from "@/lib/queues";
import { migrate } from "@/lib/store/migrate";
import { listPeople } from "@/lib/store/people";
import { type Child, type ChildPlan, startChild, stopChildren, untilAnswers } from "./children";
import { type ClusterUrls, startCluster } from "./cluster";
import type { Home } from "./home";
import { claimPort, quietPort } from "./ports";
import { brokerPlan, consolePlan, workersPlan } from "./processes";
import { demoTokens, followPort, seedShop, seedStore } from "./seed";

/** Runs one named part of the start; throws where the person has asked to stop meanwhile. */
export type Step = <Result>(label: string, work: () => Promise<Result>) => Promise<Result>;

export type Installation = {
  places: { console: string; issuer: string; mail: string; broker: { host: string; port: number }; urls: ClusterUrls };
  tokens: Record<string, string>;
  /** Resolves with what ended and why, as soon as one of the parts does. */
  broken: Promise<{ child: Child; why: string } | { child: null; why: string }>;
};

export type InstallationOptions = {
  home: Home;
  seed: boolean;
  step: Step;
  /** Takes the way to stop each part as soon as the part runs; called in reverse order. */
  onStop(stop: () => Promise<void>): void;
};

const clientId = "countersign-console";

/** Starts every part on this machine, in the order in which they need each other. */
export async function startInstallation({ home, seed, step, onStop }: InstallationOptions): Promise<Installation> {
  const ports = {
    console: await claimPort(env().CONSOLE_PORT, "CONSOLE_PORT"),
    broker: await claimPort(env().BROKER_PORT, "BROKER_PORT"),
  };
  const consoleUrl = env().CONSOLE_PORT === 0 ? `http://${env().CONSOLE_HOST}:${ports.console}` : env().CONSOLE_URL;
  const cluster = await step("starting PostgreSQL", () => startCluster(home));
  onStop(() => cluster.server.stop());
  onStop(closeClients);
  const { urls } = cluster;

  const mail = await startMail(home);
  onStop(() => mail.stop());
  home.settings.ports.signIn = await quietPort(home.settings.ports.signIn);
  home.save();
  const settings = settingsOf({ home, urls, ports, consoleUrl, smtpUrl: mail.smtpUrl });
  changeEnv({ ...settings, DATABASE_OWNER_URL: urls.storeOwner });
  await step("preparing the store", () =>
    migrate({ ownerUrl: urls.storeOwner, applicationUrl: urls.storeApplication }),
  );
  const tokens = seed ? await fill({ home, urls, step }) : {};

  const provider = await startSignInProvider({
    port: home.settings.ports.signIn,
    people: signInPeople,
    client: { id: clientId, secret: home.settings.signIn.clientSecret },
    consoleUrl,
    key: home.settings.signIn.key,
    cookieSecret: home.settings.signIn.cookieSecret,
  });
  onStop(() => provider.stop());

  const owner = { ...settings, DATABASE_OWNER_URL: urls.storeOwner };
  const broker = { host: env().BROKER_HOST, port: ports.broker };
  const plans = [
    brokerPlan(settings, broker),
    workersPlan(owner),
    consolePlan(settings, { url: consoleUrl, host: env().CONSOLE_HOST, port: ports.console }),
  ];
  const children = await step("starting broker, workers and console", () => startAll({ plans, home, onStop }));
  return {
    places: { console: consoleUrl, issuer: provider.issuer, mail: mail.url, broker, urls },
    tokens,
    broken: Promise.race([
      ...children.map(async (child) => ({ child, why: await child.ended })),
      cluster.server.ended.then(() => ({ child: null, why: "PostgreSQL ended" })),
    ]),
  };
}

type Known = {
  home: Home;
  urls: ClusterUrls;
  ports: { console: number; broker: number };
  consoleUrl: string;
  smtpUrl: string;
};

/** What every process is told. Only what keeps the record gets the owner's rights on top. */
function settingsOf({ home, urls, ports, consoleUrl, smtpUrl }: Known): Record<string, string | undefined> {
  const { countersignKey, authSecret, signIn } = home.settings;
  return {
    NODE_ENV: "production",
    DATABASE_URL: urls.storeApplication,
    DATABASE_OWNER_URL: undefined,
    CONSOLE_PORT: String(ports.console),
    CONSOLE_URL: consoleUrl,
    BROKER_PORT: String(ports.broker),
    COUNTERSIGN_HOME: home.folder,
    COUNTERSIGN_KEY: countersignKey,
    AUTH_SECRET: authSecret,
    OIDC_ISSUER: `http://127.0.0.1:${home.settings.ports.signIn}`,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: signIn.clientSecret,
    SMTP_URL: smtpUrl,
  };
}

/** Our own connections to the store go before the store does. */
async function closeClients(): Promise<void> {
  await closeQueues();
  await closeBus();
  await closeDb();
}

type Filling = { home: Home; urls: ClusterUrls; step: Step };

async function fill({ home, urls, step }: Filling): Promise<Record<string, string>> {
  if (home.settings.seeded) {
    await followPort(urls);
  } else {
    await step("filling the sample database", () => seedShop(urls));
    await step("adding people, agents and policies", () => seedStore(urls));
    home.settings.seeded = true;
    home.save();
  }
  return demoTokens(home);
}

async function startMail(home: Home) {
  const { ports } = home.settings;
  const mail = await startMailSink({ smtp: await quietPort(ports.smtp), http: await quietPort(ports.mail) });
  ports.smtp = mail.smtpPort;
  ports.mail = mail.httpPort;
  return mail;
}

/** The demo's people, and whoever was added since. */
async function signInPeople() {
  const added = (await listPeople()).filter(
    ({ email, disabledAt }) => !disabledAt && !demoPeople.some((person) => person.email === email),
  );
  const known = new Set((await listPeople()).map(({ email }) => email));
  return [
    ...demoPeople.filter(({ email }) => known.has(email)),
    ...added.map(({ email, name, role, groups }) => ({ email, name, role, groups, duty: email })),
  ];
}

type Starting = { plans: ChildPlan[]; home: Home; onStop: InstallationOptions["onStop"] };

async function startAll({ plans, home, onStop }: Starting): Promise<Child[]> {
  const place = { root: packageRoot(), logFolder: home.path("logs") };
  mkdirSync(place.logFolder, { recursive: true, mode: 0o700 });
  const started = plans.map((plan) => ({ plan, child: startChild(plan, place) }));
  const children = started.map(({ child }) => child);
  onStop(() => stopChildren(children));
  await Promise.all(started.map(({ plan, child }) => untilAnswers(child, plan)));
  return children;
}

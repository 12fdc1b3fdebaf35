import { rmSync } from "node:fs";
import type { DemoFile } from "@/demo/demo-file";
import { demoAgents, demoPeople } from "@/demo/people";
import { env } from "@/lib/env";
import { AppError, isAppError, messageOf } from "@/lib/errors";
import { withoutPasswords } from "@/lib/log";
import { step as progress } from "../progress.mjs";
import { announcement } from "../up/announce";
import { crashed } from "../up/children";
import { type Home, openHome, writePrivately } from "../up/home";
import { type Installation, startInstallation } from "../up/installation";

const quietMs = 1_500;

/**
 * Runs a whole installation on this machine until it is asked to stop; answers the exit code: 0 when asked, 1 when a
 * part ended by itself. Nothing it started is left when it returns or throws.
 * @throws AppError("invalid") for a wrong environment, a home in use or damaged, a port that is taken
 */
export async function up(options: { seed: boolean; json: boolean }): Promise<number> {
  const home = openHome(env().COUNTERSIGN_HOME);
  const demoFile = home.path("demo.json");
  rmSync(demoFile, { force: true });
  const stops: (() => Promise<void>)[] = [];
  const stop = listenForStop();
  try {
    const installation = await startInstallation({
      home,
      seed: options.seed,
      step: async (label, work) => {
        if (stop.asked()) throw new Stopped();
        return progress(label, work, { quietMs });
      },
      onStop: (way) => stops.push(way),
    });
    if (stop.asked()) throw new Stopped();
    await describe({ home, installation, demoFile, json: options.json });
    const ended = await Promise.race([stop.promise, installation.broken]);
    if (ended === null) return 0;
    throw ended.child ? crashed(ended.child, ended.why) : new AppError("internal", ended.why);
  } catch (error) {
    if (error instanceof Stopped) return 0;
    if (!isAppError(error) || error.code !== "internal") throw error;
    // A part ended by itself: which, why, and the end of what it said.
    for (const line of [error.message, ...error.faults]) process.stderr.write(`${withoutPasswords(line)}\n`);
    return 1;
  } finally {
    if (stops.length > 0) process.stderr.write("stopping …\n");
    rmSync(demoFile, { force: true });
    for (const way of stops.reverse()) await way().catch((error) => process.stderr.write(`${messageOf(error)}\n`));
    home.release();
    stop.dispose();
  }
}

class Stopped extends Error {}

/** Ctrl-C, kill and a closed terminal all mean the same; a second one is not waited for. */
function listenForStop() {
  let asked = false;
  let resolveStop: (value: null) => void = () => {};
  const promise = new Promise<null>((resolve) => {
    resolveStop = resolve;
  });
  const ask = (): void => {
    asked = true;
    resolveStop(null);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, ask);
  return {
    promise,
    asked: () => asked,
    dispose: () => {
      for (const signal of signals) process.removeListener(signal, ask);
    },
  };
}

type Description = { home: Home; installation: Installation; demoFile: string; json: boolean };

async function describe({ home, installation, demoFile, json }: Description): Promise<void> {
  const { places, tokens } = installation;
  const seeded = Object.keys(tokens).length > 0;
  const principal = (kind: "agent" | "person", name: string, groups: string[]) => {
    const token = tokens[`${kind}/${name}`] ?? "";
    const dsn = `postgres://${encodeURIComponent(name)}:${token}@${places.broker.host}:${places.broker.port}/shop`;
    return { name, kind, groups, dsn, token };
  };
  const demo: DemoFile = {
    console: places.console,
    issuer: places.issuer,
    broker: places.broker,
    upstream: places.urls.shopOwner,
    store: places.urls.storeApplication,
    mail: places.mail,
    people: seeded ? demoPeople.map(({ email, name, role, groups }) => ({ email, name, role, groups })) : [],
    principals: seeded
      ? [
          ...demoAgents.map(({ name, groups }) => principal("agent", name, groups)),
          ...demoPeople.map(({ email, groups }) => principal("person", email, groups)),
        ]
      : [],
    pid: process.pid,
  };
  writePrivately(demoFile, JSON.stringify(demo, null, 2));
  process.stdout.write(json ? `${JSON.stringify(demo)}\n` : `${announcement(demo, home.folder)}\n`);
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { demoFileSchema } from "@/demo/demo-file";
import { changeEnv, env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { homeSettingsSchema } from "../up/home-settings";

/** True beside a running `countersign up`, whose home is COUNTERSIGN_HOME. */
export function hasLocalInstallation(): boolean {
  return existsSync(demoFile());
}

/**
 * Beside a running installation of this machine no settings are needed: they are read from its home. What the
 * environment says already is kept.
 * @throws AppError("invalid") where the home's files cannot be read
 */
export function adoptLocalInstallation(): void {
  if (env().DATABASE_URL !== undefined || !hasLocalInstallation()) return;
  try {
    const demo = demoFileSchema.parse(JSON.parse(readFileSync(demoFile(), "utf8")));
    const settingsFile = join(env().COUNTERSIGN_HOME, "settings.json");
    const settings = homeSettingsSchema.parse(JSON.parse(readFileSync(settingsFile, "utf8")));
    const owner = new URL(demo.store);
    owner.username = "countersign_owner";
    owner.password = settings.passwords.storeOwner;
    changeEnv({
      DATABASE_URL: demo.store,
      DATABASE_OWNER_URL: env().DATABASE_OWNER_URL ?? owner.href,
      COUNTERSIGN_KEY: env().COUNTERSIGN_KEY ?? settings.countersignKey,
      CONSOLE_URL: demo.console,
      BROKER_HOST: demo.broker.host,
      BROKER_PORT: String(demo.broker.port),
    });
  } catch (cause) {
    throw new AppError("invalid", `the installation in ${env().COUNTERSIGN_HOME} cannot be read`, { cause });
  }
}

function demoFile(): string {
  return join(env().COUNTERSIGN_HOME, "demo.json");
}

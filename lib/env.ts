import { z } from "zod";

import { AppError } from "@/lib/errors";
import { parseKeyRing } from "@/lib/secrets";

const url = (...protocols: string[]) =>
  z.string().refine((value) => protocols.includes(protocolOf(value)), {
    error: `must be a URL that starts with ${protocols.map((p) => `${p}//`).join(" or ")}`,
  });
const port = z.coerce
  .number({ error: "must be a port number" })
  .int("must be a port number")
  .min(0, "must be a port number between 0 and 65535")
  .max(65_535, "must be a port number between 0 and 65535");
const flag = z
  .enum(["0", "1", "false", "true"], { error: "must be 0 or 1" })
  .transform((value) => value === "1" || value === "true");
const text = z.string().min(1);

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  DATABASE_OWNER_URL: url("postgres:", "postgresql:").optional(),
  REDIS_URL: url("redis:", "rediss:").optional(),
  CONSOLE_HOST: text.default("127.0.0.1"),
  CONSOLE_PORT: port.default(3000),
  CONSOLE_URL: url("http:", "https:").optional(),
  BROKER_HOST: text.default("127.0.0.1"),
  BROKER_PORT: port.default(6432),
  BROKER_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be lower-case letters, digits and hyphens, at most 63")
    .optional(),
  BROKER_TLS_CERT: text.optional(),
  BROKER_TLS_KEY: text.optional(),
  JOURNAL_DURABILITY: z.enum(["process", "disk"], { error: "must be process or disk" }).default("process"),
  COUNTERSIGN_HOME: text.default(".countersign"),
  COUNTERSIGN_KEY: z.string().superRefine(checkKeyRing).optional(),
  COUNTERSIGN_TOKEN: text.optional(),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  OIDC_ISSUER: url("http:", "https:").optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  OIDC_AUTO_PROVISION: flag.default(false),
  SMTP_URL: url("smtp:", "smtps:").optional(),
  MAIL_FROM: text.default("Countersign <countersign@localhost>"),
  SLACK_BOT_TOKEN: text.optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_APP_TOKEN: text.optional(),
  SLACK_API_URL: url("http:", "https:").optional(),
  SLACK_CHANNEL: text.optional(),
});

/** The process's settings, parsed. Ports are numbers, flags are booleans, URLs are unchanged strings. */
export type Env = z.infer<typeof schema> & { CONSOLE_URL: string };

export type EnvResult = { ok: true; env: Env } | { ok: false; faults: string[] };

/**
 * Parses settings. An empty value counts as unset. Faults name the variable and what is wrong with it and
 * never repeat the value, which may be a secret.
 */
export function readEnv(source: Record<string, string | undefined>): EnvResult {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    return { ok: false, faults: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) };
  }
  const values = parsed.data;
  const faults: string[] = [];
  if ((values.BROKER_TLS_CERT === undefined) !== (values.BROKER_TLS_KEY === undefined)) {
    faults.push("BROKER_TLS_CERT and BROKER_TLS_KEY must be set together");
  }
  if (values.SLACK_BOT_TOKEN !== undefined && values.SLACK_CHANNEL === undefined) {
    faults.push("SLACK_CHANNEL must be set where SLACK_BOT_TOKEN is: the channel that reviewers read");
  }
  if (faults.length > 0) return { ok: false, faults };
  const consoleUrl = (values.CONSOLE_URL ?? `http://${values.CONSOLE_HOST}:${values.CONSOLE_PORT}`).replace(/\/+$/, "");
  return { ok: true, env: { ...values, CONSOLE_URL: consoleUrl } };
}

let cached: Env | undefined;

/**
 * The settings of this process, read once. Also sets NEXTAUTH_URL, from which the sign-in library takes its
 * origin and cookie security.
 * @throws AppError("invalid") with one fault per wrong variable; callers exit with 2.
 */
export function env(): Env {
  if (cached === undefined) {
    const result = readEnv(process.env);
    if (!result.ok) throw new AppError("invalid", "the environment is wrong", { faults: result.faults });
    cached = result.env;
    process.env.NEXTAUTH_URL = cached.CONSOLE_URL;
  }
  return cached;
}

/** Changes this process's environment (undefined removes) and forgets what was read, so that `env()` reads anew. */
export function changeEnv(changes: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  cached = undefined;
}

/**
 * A setting that this process cannot do without.
 * @throws AppError("invalid") that names it.
 */
export function requireSetting<Name extends keyof Env>(name: Name): NonNullable<Env[Name]> {
  const value = env()[name];
  if (value === undefined || value === null) {
    throw new AppError("invalid", "the environment is wrong", { faults: [`${name} must be set`] });
  }
  return value;
}

/** The environment for a child process: ours with changes. An undefined value removes the variable. */
export function childEnv(changes: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete merged[name];
    else Object.assign(merged, { [name]: value });
  }
  return merged;
}

function protocolOf(value: string): string {
  try {
    return new URL(value).protocol;
  } catch {
    return "";
  }
}

function checkKeyRing(value: string, context: z.RefinementCtx): void {
  const ring = parseKeyRing(value);
  if (!ring.ok) context.addIssue({ code: "custom", message: ring.fault });
}

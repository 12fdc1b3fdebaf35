import type { Instrumentation } from "next";

const badSettingsExitCode = 2;

/** Once, before the first request: wrong settings stop the console with one line each. */
export async function register(): Promise<void> {
  const { env } = await import("@/lib/env");
  const { isAppError } = await import("@/lib/errors");
  try {
    env();
  } catch (error) {
    if (!isAppError(error)) throw error;
    for (const line of [error.message, ...error.faults]) process.stderr.write(`countersign: ${line}\n`);
    process.exit(badSettingsExitCode);
  }
}

/** What a page or handler did not catch. The digest is what the browser shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { log } = await import("@/lib/log");
  const digest = typeof error === "object" && error !== null && "digest" in error ? String(error.digest) : undefined;
  const path = request.path.split("?", 1)[0];
  log("console").error({ error, digest, method: request.method, path, route: context.routePath }, "a page failed");
};

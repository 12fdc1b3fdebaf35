import { type Logger, pino } from "pino";

import { env } from "@/lib/env";

export type { Logger };

const secretFields = ["password", "secret", "token", "url", "authorization", "cookie", "dsn", "connectionString"];

let root: Logger | undefined;

/**
 * A logger that writes JSON lines to standard error; standard output belongs to ready lines and results.
 * Fields that may carry credentials are removed wherever they stand in the first two levels.
 */
export function log(part: string): Logger {
  root ??= pino(
    {
      level: env().LOG_LEVEL,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: "[removed]" },
      serializers: { error: pino.stdSerializers.err },
    },
    pino.destination({ dest: 2, sync: true }),
  );
  return root.child({ part });
}

/** `postgres://user:…@host` and kin with the password replaced, wherever they stand in a text. */
export function withoutPasswords(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]*@/gi, "$1:[removed]@");
}

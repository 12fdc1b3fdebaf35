/** Why an operation could not be done. Every edge maps these once: HTTP status, SQLSTATE, exit code. */
export type ErrorCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "too_many"
  | "unavailable"
  | "internal";

/**
 * An error whose message may be shown to the person who asked: it names no secret and no internals.
 * `faults` holds one line per fault where there are several.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly faults: string[];

  constructor(code: ErrorCode, message: string, options: { faults?: string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.faults = options.faults ?? [];
  }
}

export function isAppError(error: unknown): error is AppError {
  return error instanceof AppError;
}

/** The SQLSTATE of a PostgreSQL error, or the code of a socket error (`ECONNREFUSED`), or undefined. */
export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** One line for logs and for people; never throws. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

const unreachableCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08000",
  "08001",
  "08003",
  "08006",
]);

/** True where the store (not the request) is at fault: no route, refused, shutting down, too many connections. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  const code = errorCodeOf(error);
  if (code === "unavailable" || (code !== undefined && unreachableCodes.has(code))) return true;
  return /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(messageOf(error));
}

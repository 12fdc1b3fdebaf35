import { randomUUID } from "node:crypto";
import type { NextRequest } from "next/server";
import type { z } from "zod";

import { can, type Permission } from "@/lib/access/permissions";
import { readViewer, type SignedIn } from "@/lib/auth";
import { env } from "@/lib/env";
import { AppError, type ErrorCode, isAppError, isUnreachable } from "@/lib/errors";
import { log } from "@/lib/log";
import { refusalOf } from "./auth-refusal";

/** Requests with a larger body are refused before it is parsed. */
const bodyBytesMax = 2 * 1024 * 1024;

const statuses: Record<ErrorCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many: 429,
  unavailable: 503,
  internal: 500,
};

type Values<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined;

type RouteOptions<Params, Query, Body> = {
  /** The permission that the caller's role must have; "signed-in" where every role may. */
  can: Permission | "signed-in";
  /** Schema of the path's parameters; values arrive as text, so use z.coerce. */
  params?: Params;
  /** Schema of the query string; a name that is given several times arrives as a list. */
  query?: Query;
  /** Schema of the JSON body. */
  body?: Body;
};

export type RouteCall<Params, Query, Body> = {
  viewer: SignedIn;
  params: Values<Params>;
  query: Values<Query>;
  body: Values<Body>;
  request: NextRequest;
};

type RouteContext = { params: Promise<Record<string, string | string[] | undefined>> };

/**
 * Makes a route handler: session, permission, origin, parsing and errors are dealt with here and nowhere else.
 * What `handler` returns is sent as JSON; nothing is sent as 204; a Response as it is.
 *
 *     export const POST = route({ can: "approval.review", params, body }, async ({ viewer, params, body }) => …);
 *
 * Answers 400, 401, 403, 404, 409, 429, 500 or 503 with `{ error: { code, message, faults? } }`.
 */
export function route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  options: RouteOptions<Params, Query, Body>,
  handler: (call: RouteCall<Params, Query, Body>) => Promise<unknown>,
): (request: NextRequest, context: RouteContext) => Promise<Response> {
  return async (request, context) => {
    try {
      if (!["GET", "HEAD"].includes(request.method)) checkOrigin(request);
      const viewer = await readViewer();
      if (viewer === null) throw new AppError("unauthenticated", "sign in first");
      if (options.can !== "signed-in" && !can(viewer.role, options.can)) {
        throw new AppError("forbidden", refusalOf(options.can, viewer.role));
      }
      const result = await handler({
        viewer,
        params: parse(options.params, await context.params, "the address") as Values<Params>,
        query: parse(options.query, queryOf(request), "the address") as Values<Query>,
        body: (options.body === undefined
          ? undefined
          : parse(options.body, await readJson(request), "the request")) as Values<Body>,
        request,
      });
      if (result instanceof Response) return result;
      return result === undefined ? new Response(null, { status: 204 }) : json(result, 200);
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

/**
 * Refuses what a page of another site made the browser send. Browsers always say where a request comes from, by
 * Sec-Fetch-Site or Origin; a caller that says neither is no browser and carries no cookie of somebody else.
 */
function checkOrigin(request: NextRequest): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin" || site === "none") return;
  const origin = request.headers.get("origin");
  if (site === null && (origin === null || origin === new URL(env().CONSOLE_URL).origin)) return;
  throw new AppError("forbidden", "the request comes from another site");
}

function parse(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => [issue.path.join("."), issue.message].filter(Boolean).join(": "));
  throw new AppError("invalid", `${what} is not right: ${faults[0] ?? "unknown fault"}`, { faults });
}

function queryOf(request: NextRequest): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(request.nextUrl.searchParams.keys())) {
    const all = request.nextUrl.searchParams.getAll(name);
    values[name] = all.length === 1 ? (all[0] as string) : all;
  }
  return values;
}

async function readJson(request: NextRequest): Promise<unknown> {
  // Another content type could be sent by a plain form of another site.
  if (!request.headers.get("content-type")?.startsWith("application/json")) {
    throw new AppError("invalid", "the request must be JSON");
  }
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const text = await request.text();
  if (Buffer.byteLength(text) > bodyBytesMax) throw tooLarge();
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid", "the request is not valid JSON");
  }
}

function tooLarge(): AppError {
  return new AppError("invalid", `the request is larger than ${bodyBytesMax / 1024 / 1024} MiB`);
}

/** An error as the API answers it. What was not written for people is logged under a reference and not told. */
export function errorResponse(error: unknown, request: { method: string; url: string }): Response {
  if (isAppError(error)) {
    const faults = error.faults.length > 0 ? { faults: error.faults } : {};
    return json({ error: { code: error.code, message: error.message, ...faults } }, statuses[error.code]);
  }
  const reference = randomUUID().slice(0, 8);
  const path = new URL(request.url).pathname;
  if (isUnreachable(error)) {
    log("console").warn({ error, reference, method: request.method, path }, "the store cannot be reached");
    return json({ error: { code: "unavailable", message: "the governance store cannot be reached" } }, 503);
  }
  log("console").error({ error, reference, method: request.method, path }, "a request failed");
  return json({ error: { code: "internal", message: `something went wrong (reference ${reference})` } }, 500);
}

function json(value: unknown, status: number): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store" } });
}

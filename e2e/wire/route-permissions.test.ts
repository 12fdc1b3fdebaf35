import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { signIn } from "@/demo/browser-session";
import { can, type Permission, parseRole, roles } from "@/lib/access/permissions";
import { packageRoot } from "@/lib/package-root";
import { stack } from "../fixtures/stack";

type Route = { path: string; method: string; can: Permission | "signed-in" };

/** Handlers that answer without a session, each for a reason. */
const open: Record<string, string> = {
  "/api/auth/[...nextauth]": "signing in itself",
  "/api/health": "start-up checks; says nothing but that it answers",
};

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.name === "route.ts" ? [path] : [];
  });

const api = join(packageRoot(), "app");
const pathOf = (file: string) => file.slice(api.length, -"/route.ts".length).replaceAll(/\/\([^)]+\)/g, "");

const found = files(api).map((file) => {
  const source = readFileSync(file, "utf8");
  const path = pathOf(file);
  const methods = [...source.matchAll(/export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE)\b/g)];
  const guarded = [...source.matchAll(/export const (GET|POST|PUT|PATCH|DELETE) = route\(\s*\{\s*can: "([^"]+)"/g)];
  return {
    path,
    methods: methods.map((m) => m[1]!),
    guarded: guarded.map((m) => ({ path, method: m[1]!, can: m[2] as Route["can"] })),
  };
});
const routes: Route[] = found.flatMap(({ guarded }) => guarded);

const address = (route: Route) =>
  route.path.replaceAll(/\[\.\.\.[^\]]+\]|\[([^\]]+)\]/g, (_, name) =>
    /id|version|position/i.test(String(name)) ? "999999999" : "nobody",
  );

const call = async (route: Route, fetcher: (url: string, init: RequestInit) => Promise<Response>) => {
  const { console: origin } = await stack();
  const abort = new AbortController();
  const body = route.method === "GET" ? {} : { body: "{}", headers: { "content-type": "application/json" } };
  const response = await fetcher(`${origin}${address(route)}`, { method: route.method, signal: abort.signal, ...body });
  const { status } = response;
  abort.abort();
  return status;
};

describe("every route", () => {
  it("stands behind a permission, or is listed as open with a reason", () => {
    const unguarded = found.filter(
      ({ path, methods, guarded }) => methods.length !== guarded.length && !(path in open),
    );
    expect(unguarded.map(({ path }) => path)).toEqual([]);
    expect(routes.length).toBeGreaterThan(10);
  });

  it("answers 401 to somebody who is signed out", async () => {
    for (const route of routes) {
      const status = await call(route, (url, init) => fetch(url, { ...init, redirect: "manual" }));
      expect(status, `${route.method} ${route.path}`).toBe(401);
    }
  });

  it("answers 401 to a made-up session", async () => {
    for (const route of routes) {
      const cookie = `next-auth.session-token=${"a".repeat(43)}; __Secure-next-auth.session-token=${"a".repeat(43)}`;
      const status = await call(route, (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie } }));
      expect(status, `${route.method} ${route.path}`).toBe(401);
    }
  });

  it.each(roles)("lets %s do what the table of roles says and nothing else", async (name) => {
    const demo = await stack();
    const role = parseRole(name)!;
    const somebody = demo.people.find((one) => one.role === role)!;
    const browser = await signIn(demo.console, somebody.email);
    for (const route of routes) {
      const status = await call(route, (url, init) => browser.fetch(url, init));
      const label = `${role}: ${route.method} ${route.path}`;
      if (route.can === "signed-in" || can(role, route.can)) {
        expect(status, label).not.toBe(401);
        expect(status, label).not.toBe(403);
        expect(status, label).toBeLessThan(500);
      } else expect(status, label).toBe(403);
    }
  });

  it("refuses a change that another site made the browser send", async () => {
    const demo = await stack();
    const admin = demo.people.find(({ role }) => role === "admin")!;
    const browser = await signIn(demo.console, admin.email);
    for (const route of routes.filter(({ method }) => method !== "GET")) {
      const status = await call(route, (url, init) =>
        browser.fetch(url, { ...init, headers: { ...init.headers, "sec-fetch-site": "cross-site" } }),
      );
      expect(status, `${route.method} ${route.path}`).toBe(403);
    }
  });
});

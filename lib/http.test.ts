import { NextRequest } from "next/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { changeEnv } from "@/lib/env";
import { AppError } from "@/lib/errors";

const viewer = { id: "1", email: "a@b.c", name: "A", role: "reviewer", groups: [] };
const readViewer = vi.hoisted(() => vi.fn());
vi.mock("@/lib/auth", () => ({ readViewer }));
const { route } = await import("./http");

changeEnv({ CONSOLE_URL: "https://console.example", LOG_LEVEL: "silent" });
readViewer.mockResolvedValue(viewer);
afterEach(() => void readViewer.mockReset().mockResolvedValue(viewer));

type Sent = { method?: string; body?: unknown; headers?: Record<string, string>; query?: string };

function send(handler: ReturnType<typeof route>, { method = "GET", body, headers = {}, query = "" }: Sent = {}) {
  const init =
    body === undefined
      ? { method, headers }
      : { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  return handler(new NextRequest(`https://console.example/api/x${query}`, init), {
    params: Promise.resolve({ id: "7" }),
  });
}

describe("route", () => {
  const echo = route({ can: "feed.read" }, async ({ viewer }) => ({ email: viewer.email }));

  it("sends what the handler returns, never cached", async () => {
    const response = await send(echo);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ email: "a@b.c" });
  });

  it("sends 204 for nothing and a Response as it is", async () => {
    expect((await send(route({ can: "signed-in" }, async () => undefined))).status).toBe(204);
    expect((await send(route({ can: "signed-in" }, async () => new Response("x", { status: 202 })))).status).toBe(202);
  });

  it("refuses who is not signed in, before anything is parsed", async () => {
    readViewer.mockResolvedValue(null);
    const response = await send(
      route({ can: "feed.read", body: z.object({}) }, async () => 1),
      { method: "POST", body: 1 },
    );
    expect(response.status).toBe(401);
  });

  it("says which role is missing", async () => {
    const response = await send(route({ can: "policy.write" }, async () => 1));
    expect(response.status).toBe(403);
    expect((await response.json()).error.message).toContain("needs the role admin, and yours is reviewer");
  });
});

describe("origin", () => {
  const change = route({ can: "signed-in" }, async () => 1);

  it.each([
    ["its own page", { "sec-fetch-site": "same-origin" }, 200],
    ["the address bar", { "sec-fetch-site": "none" }, 200],
    ["another site", { "sec-fetch-site": "cross-site" }, 403],
    ["another site of the same domain", { "sec-fetch-site": "same-site", origin: "https://evil.example" }, 403],
    ["an old browser on its own page", { origin: "https://console.example" }, 200],
    ["an old browser on another page", { origin: "https://evil.example" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
    ["a program", {}, 200],
  ])("of a change from %s is checked", async (_from, headers, status) => {
    expect((await send(change, { method: "POST", headers: headers as Record<string, string> })).status).toBe(status);
  });

  it("of a read does not matter", async () => {
    expect((await send(change, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
  });
});

describe("parsing", () => {
  const typed = route(
    {
      can: "signed-in",
      params: z.object({ id: z.coerce.number() }),
      query: z.object({ tag: z.array(z.string()).default([]) }),
      body: z.strictObject({ name: z.string().min(2) }),
    },
    async ({ params, query, body }) => ({ id: params.id, tag: query.tag, name: body.name }),
  );

  it("hands over what the schemas made of it", async () => {
    const response = await send(typed, { method: "POST", body: { name: "ab" }, query: "?tag=x&tag=y" });
    expect(await response.json()).toEqual({ id: 7, tag: ["x", "y"], name: "ab" });
  });

  it("names each fault", async () => {
    const response = await send(typed, { method: "POST", body: { name: "a", extra: 1 } });
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error.code).toBe("invalid");
    expect(error.faults).toHaveLength(2);
  });

  it("takes JSON only, which no plain form of another site can send", async () => {
    const response = await send(typed, { method: "POST", headers: { "content-type": "text/plain" } });
    expect((await response.json()).error.message).toBe("the request must be JSON");
  });
});

describe("errors", () => {
  it.each([
    [new AppError("conflict", "taken"), 409, "taken"],
    [new AppError("not_found", "gone"), 404, "gone"],
    [new AppError("too_many", "slow down"), 429, "slow down"],
    [
      Object.assign(new Error("connect ECONNREFUSED 10.0.0.1"), { code: "ECONNREFUSED" }),
      503,
      "the governance store cannot be reached",
    ],
  ])("%s are answered once", async (error, status, message) => {
    const response = await send(route({ can: "signed-in" }, () => Promise.reject(error)));
    expect(response.status).toBe(status);
    expect((await response.json()).error.message).toBe(message);
  });

  it("never tell what was not written for people", async () => {
    const response = await send(route({ can: "signed-in" }, () => Promise.reject(new Error("password=hunter2"))));
    expect(response.status).toBe(500);
    expect(JSON.stringify(await response.json())).not.toContain("hunter2");
  });
});

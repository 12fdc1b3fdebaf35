import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "@/lib/package-root";
import { errorsOf, RawClient } from "../fixtures/raw-client";
import { countersign, directly, person, principal, stack, store } from "../fixtures/stack";

const activeVersion = async () =>
  Number((await store("SELECT version FROM bundle WHERE status = 'active'"))[0]!.version);

describe("apply", () => {
  let bundle: string;
  beforeEach(() => {
    bundle = mkdtempSync(join(tmpdir(), "countersign-bundle-"));
    cpSync(join(packageRoot(), "policies"), bundle, { recursive: true });
  });
  afterEach(() => rmSync(bundle, { recursive: true, force: true }));

  const faults: [string, string, RegExp][] = [
    ["a syntax error", "permit (principal, action, resource", /extra\.cedar:\d+/],
    ["a duplicate id", '@id("sessions")\npermit (principal, action == Action::"select", resource);', /sessions/],
    [
      "an unknown group",
      '@id("new")\npermit (principal in Group::"nobody-made-this", action == Action::"select", resource);',
      /nobody-made-this/,
    ],
    [
      "a misspelt annotation",
      '@id("new")\n@hlod("security")\nforbid (principal, action == Action::"delete", resource);',
      /hold/,
    ],
    ["a hold without a group", '@id("new")\n@hold\nforbid (principal, action == Action::"delete", resource);', /hold/],
    [
      "a hold on a permit",
      '@id("new")\n@hold("security")\npermit (principal, action == Action::"delete", resource);',
      /hold/,
    ],
    [
      "a quorum in words",
      '@id("new")\n@hold("security")\n@quorum("two")\nforbid (principal, action == Action::"delete", resource);',
      /quorum/,
    ],
  ];
  it.each(faults)("refuses a bundle with %s in one line a fault and changes nothing", async (_, text, named) => {
    const before = await activeVersion();
    writeFileSync(join(bundle, "extra.cedar"), text);
    const { code, stderr } = await countersign(["apply", bundle, "--as", (await person("admin")).email]);
    expect(code).toBe(2);
    expect(stderr).toMatch(named);
    expect(await activeVersion()).toBe(before);
  });

  it("reaches a running session within a second", async () => {
    const admin = await person("admin");
    const client = await RawClient.login({ ...(await stack()).broker, ...(await principal("reporting-agent")) });
    expect(errorsOf(await client.run("SELECT 1 FROM products LIMIT 1"))).toEqual([]);
    writeFileSync(
      join(bundle, "extra.cedar"),
      '@id("no-products")\n@reason("the catalogue is closed")\nforbid (principal, action == Action::"select", resource == Table::"shop.public.products");',
    );
    const applied = await countersign(["apply", bundle, "--as", admin.email]);
    expect(applied.stderr).toBe("");
    expect(applied.code).toBe(0);
    await expect
      .poll(async () => errorsOf(await client.run("SELECT 1 FROM products LIMIT 1"))[0]?.C, {
        timeout: 1000,
        interval: 50,
      })
      .toBe("42501");
    rmSync(join(bundle, "extra.cedar"));
    expect((await countersign(["apply", bundle, "--as", admin.email])).code).toBe(0);
    await expect
      .poll(async () => errorsOf(await client.run("SELECT 1 FROM products LIMIT 1"))[0]?.C ?? "ok", {
        timeout: 2000,
        interval: 50,
      })
      .toBe("ok");
    client.destroy();
  });

  it("checks without changing anything when asked to", async () => {
    const before = await activeVersion();
    const { code } = await countersign(["apply", bundle, "--dry-run", "--as", (await person("admin")).email]);
    expect(code).toBe(0);
    expect(await activeVersion()).toBe(before);
  });
});

describe("approval", () => {
  it("lists and reviews by the same rules as the console", async () => {
    const [row] = await directly(
      "INSERT INTO orders (customer_id, status, placed_at, total) VALUES (1, 'pending', now(), 100) RETURNING id",
    );
    const client = await RawClient.login({ ...(await stack()).broker, ...(await principal("maintenance-agent")) });
    const result = client.run(`DELETE FROM orders WHERE id = ${row!.id}`);
    const reviewer = await person("reviewer", "security");
    const [pending] = await reviewer.pending();
    const listed = await countersign(["approval", "list", "--json"]);
    expect(listed.code).toBe(0);
    expect(JSON.stringify(JSON.parse(listed.stdout))).toContain(String(pending!.id));
    const owner = (await stack()).people.find(({ role }) => role === "requester")!;
    const own = await countersign([
      "approval",
      "review",
      String(pending!.id),
      "--approve",
      "--reason",
      "mine",
      "--as",
      owner.email,
    ]);
    expect(own.code).not.toBe(0);
    const signed = await countersign([
      "approval",
      "review",
      String(pending!.id),
      "--approve",
      "--reason",
      "agreed by telephone",
      "--as",
      reviewer.email,
      "--json",
    ]);
    expect(signed.stderr).toBe("");
    expect(signed.code).toBe(0);
    expect((await result).find((m) => m.type === "C")!.body.toString()).toBe("DELETE 1\0");
    const [review] = await store(`SELECT channel FROM review WHERE approval_id = ${pending!.id}`);
    expect(review!.channel).toBe("cli");
    client.destroy();
  });
});

describe("the command line", () => {
  it.each(["up", "migrate", "serve", "group", "database", "person", "agent", "token", "apply", "approval", "audit"])(
    "explains %s",
    async (command) => {
      const { code, stdout } = await countersign([command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain("Usage");
    },
  );

  it("exits with 2 and one line on bad input", async () => {
    for (const args of [
      ["nonsense"],
      ["agent", "add", "Not A Name", "--owner", "nobody@example.com"],
      ["person", "add", "not-an-email", "--role", "admin"],
      ["person", "add", "x@example.com", "--role", "emperor"],
      ["token", "issue", "agent/nobody"],
    ]) {
      const { code, stderr } = await countersign(args);
      expect(code, args.join(" ")).toBe(2);
      expect(stderr.trim()).not.toBe("");
    }
  });

  it("verifies the log that it wrote", async () => {
    const { code, stdout } = await countersign(["audit", "verify", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toBeTypeOf("object");
  });

  it("registers a group, an agent and a token that can connect at once, and migrates twice without harm", async () => {
    const name = `e2e-${Date.now().toString(36)}`;
    const owner = (await person("admin")).email;
    expect((await countersign(["group", "add", name])).code).toBe(0);
    expect((await countersign(["agent", "add", name, "--owner", owner, "--group", "agents"])).code).toBe(0);
    const issued = JSON.parse((await countersign(["token", "issue", `agent/${name}`, "--json"])).stdout) as {
      token: string;
    };
    expect(issued.token).toMatch(/^cst_[A-Za-z0-9_-]{43}$/);
    const { broker } = await stack();
    await expect
      .poll(
        () =>
          RawClient.login({ ...broker, user: name, password: issued.token, database: "shop" }).then(
            (client) => client.destroy(),
            () => "refused",
          ),
        { timeout: 3000, interval: 100 },
      )
      .toBeUndefined();
    const stored = await store("SELECT * FROM token");
    expect(JSON.stringify(stored)).not.toContain(issued.token);
    expect(readFileSync(join(packageRoot(), ".gitignore"), "utf8")).toContain(".countersign");
  });
});

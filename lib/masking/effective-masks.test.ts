import { beforeAll, describe, expect, it } from "vitest";
import { sketchCatalog } from "@/e2e/fixtures/example-catalog";
import { indexCatalog } from "@/lib/sql/catalog-index";
import { loadParser } from "@/lib/sql/parse";
import { effectiveMasks } from "./effective-masks";
import { parseMaskingConfig } from "./parse-masking";

const view = (name: string, columns: string, definition?: string) => ({
  name,
  columns,
  kind: "v",
  ...(definition === undefined ? {} : { definition }),
});
const index = indexCatalog(
  sketchCatalog([
    { name: "users", columns: "id name ssn lower_ssn plain" },
    view("same", "id s", "SELECT users.id, users.ssn FROM public.users;"),
    view("made", "a b c", "SELECT upper(users.ssn), users.name || 'x', 1 FROM public.users;"),
    view("over", "z", "SELECT same.s FROM public.same;"),
    view("called", "a b", "SELECT public.f(users.id), users.id FROM public.users;"),
    view("unread", "a"),
    view("broken", "a", "SELECT FROM WHERE"),
    view("gone", "a", "SELECT t.a FROM public.nowhere t;"),
    view("wide", "a", "SELECT users.id, users.name FROM public.users;"),
    view("united", "a", "SELECT users.name FROM public.users UNION ALL SELECT users.ssn FROM public.users;"),
    view("looped", "a", "SELECT looped.a FROM public.looped;"),
    view("settings", "a", "SELECT s.setting FROM pg_catalog.pg_settings s;"),
    { name: "kid", columns: "id ssn age", parents: [1] },
    { name: "grandkid", columns: "id ssn secret_age", parents: [13] },
    { name: "other", columns: "ssn" },
  ]),
  "shop",
);
const users = index.byOid(1);
if (users !== undefined) {
  Object.assign(users.columns[3] ?? {}, { generated: true, expression: "lower(ssn)" });
  Object.assign(users.columns[4] ?? {}, { generated: true, expression: "lower(name)" });
}

beforeAll(() => loadParser());

function masksOf(
  name: string,
  rules = "shop.public.users.ssn, shop.public.grandkid.secret_age",
  unmasked: string[] = [],
) {
  const parsed = parseMaskingConfig(
    `labels: [{ id: l, columns: [${rules}] }]\nrules: [{ id: r, match: { label: l }, mask: last4 }]`,
  );
  if ("faults" in parsed) throw new Error("bad configuration");
  const masks = effectiveMasks({ config: parsed.config, index, groups: [], unmasked: new Set(unmasked) });
  const relation = index.relation("public", name);
  return [...(masks.masksFor(relation?.oid ?? 0) ?? [])].map(
    ([column, mask]) => `${column} ${mask.mask.kind} ${mask.rule}`,
  );
}

describe("effectiveMasks", () => {
  it.each([
    ["users", ["ssn last4 r", "lower_ssn redact r"]],
    ["same", ["s last4 r"]],
    ["made", ["a redact r"]],
    ["over", ["z last4 r"]],
    ["called", ["a redact default.unknown-origin"]],
    ["unread", ["a redact default.unknown-origin"]],
    ["broken", ["a redact default.unknown-origin"]],
    ["gone", ["a redact default.unknown-origin"]],
    ["wide", ["a redact default.unknown-origin"]],
    ["united", ["a redact r"]],
    ["looped", ["a redact default.unknown-origin"]],
    ["settings", ["a redact default.unknown-origin"]],
    ["kid", ["ssn last4 r"]],
    ["grandkid", ["secret_age last4 r", "ssn last4 r"]],
    ["other", []],
  ])("masks what %s is made of", (name, expected) => {
    expect(masksOf(name)).toEqual(expected);
  });

  it("masks a parent's column for its children's sake", () => {
    expect(masksOf("users", "shop.public.grandkid.ssn")).toEqual(["ssn last4 r", "lower_ssn redact r"]);
  });

  it("unmasks what is made of a column only with that column", () => {
    expect(masksOf("same", "'*.*.users.ssn'", ["shop.public.same.s"])).toEqual(["s last4 r"]);
    expect(masksOf("same", "'*.*.users.ssn'", ["shop.public.users.ssn"])).toEqual([]);
  });

  it("masks nothing where nothing is masked", () => {
    expect(masksOf("unread", "'*.*.*.nothing'")).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { sketchCatalog, sketchRelation } from "@/e2e/fixtures/example-catalog";
import { columnId, effectivePath, indexCatalog, overlay, relationId, resolveRelation } from "./catalog-index";

const catalog = sketchCatalog([
  { name: "users", columns: "id ssn" },
  { name: "users", schema: "crm", columns: "id" },
  { name: "Odd Name", schema: "crm", columns: "A" },
  { name: "child", columns: "id", parents: [1] },
  { name: "users", schema: "app", columns: "id" },
]);
const index = indexCatalog(catalog, "shop");
const temporary = overlay(index, [sketchRelation(99, { name: "users", schema: "pg_temp_3", columns: "x" })]);

const found = (at: typeof index, lookup: { schema?: string; name: string; searchPath?: string[]; role?: string }) => {
  const resolved = resolveRelation(at, { searchPath: ["$user", "public"], ...lookup });
  if (resolved === undefined) return null;
  return resolved.kind === "system" ? `${resolved.schema}.${resolved.name}` : relationId("shop", resolved.relation);
};

describe("resolveRelation", () => {
  it.each([
    ["the path in order", index, { name: "users" }, "shop.public.users"],
    ["a schema before the path", index, { schema: "crm", name: "users" }, "shop.crm.users"],
    [
      "the path's first schema that has it",
      index,
      { name: "users", searchPath: ["nowhere", "crm", "public"] },
      "shop.crm.users",
    ],
    ["$user as the role's schema", index, { name: "users", role: "app" }, "shop.app.users"],
    ["nothing outside the path", index, { name: "Odd Name" }, null],
    ["names by case", index, { schema: "crm", name: "odd name" }, null],
    ["system relations before the path", index, { name: "pg_class" }, "pg_catalog.pg_class"],
    [
      "information_schema by name",
      index,
      { schema: "information_schema", name: "tables" },
      "information_schema.tables",
    ],
    ["temporary relations first", temporary, { name: "users" }, "shop.pg_temp_3.users"],
    ["pg_temp as the session's schema", temporary, { schema: "pg_temp", name: "users" }, "shop.pg_temp_3.users"],
    [
      "pg_temp where it is listed",
      temporary,
      { name: "users", searchPath: ["public", "pg_temp"] },
      "shop.public.users",
    ],
    ["no pg_temp in a session without one", index, { schema: "pg_temp", name: "users" }, null],
  ])("finds %s", (_title, at, lookup, expected) => {
    expect(found(at, lookup)).toBe(expected);
  });

  it("puts pg_catalog first unless it is listed", () => {
    expect(effectivePath(index, { searchPath: ["public"] })).toEqual(["pg_catalog", "public"]);
    expect(effectivePath(index, { searchPath: ["public", "pg_catalog"] })).toEqual(["public", "pg_catalog"]);
  });
});

describe("indexCatalog", () => {
  it("knows children, oids and ids", () => {
    expect(index.childrenOf(1)).toEqual([4]);
    expect(index.byOid(3)?.name).toBe("Odd Name");
    expect(columnId("shop", catalog.relations[2]!, "A")).toBe('shop.crm."Odd Name"."A"');
  });

  it("indexes 5,000 relations of 12 columns in a fraction of a second", () => {
    const columns = Array.from({ length: 12 }, (_, at) => `c${at}`).join(" ");
    const large = sketchCatalog(Array.from({ length: 5000 }, (_, at) => ({ name: `t${at}`, columns })));
    const started = performance.now();
    const built = indexCatalog(large, "shop");
    expect(performance.now() - started).toBeLessThan(300);
    expect(built.relation("public", "t4999")?.oid).toBe(5000);
  });
});

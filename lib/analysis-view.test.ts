import { beforeAll, describe, expect, it } from "vitest";
import { compileAnalysis } from "@/lib/analysis";
import { previewInput } from "@/lib/analysis-input";
import { masksInForce } from "@/lib/analysis-view";
import type { Catalog } from "@/lib/sql/catalog";
import { loadParser } from "@/lib/sql/parse";

beforeAll(loadParser);

const column = (number: number, name: string) => ({
  number,
  name,
  typeOid: 25,
  type: "text",
  typeKind: "b",
  notNull: false,
  generated: false,
  readable: true,
});
const relation = { parents: [], primaryKey: [], unique: [], rows: -1, hasTriggers: false, hasRules: false };
const catalog: Catalog = {
  serverVersion: 180000,
  databaseName: "shop",
  schemas: ["public"],
  relations: [
    {
      ...relation,
      oid: 1,
      schema: "public",
      name: "people",
      kind: "r",
      columns: [column(1, "id"), column(2, "email")],
    },
    {
      ...relation,
      oid: 2,
      schema: "public",
      name: "contacts",
      kind: "v",
      columns: [column(1, "address")],
      definition: "SELECT people.email AS address FROM public.people;",
    },
  ],
  functions: [],
  operators: [],
  types: [],
};
const files = {
  "unmask.cedar": `@id("fraud") permit (principal in Group::"fraud", action == Action::"unmask", resource in Label::"pii.email");`,
  "masking.yaml": `labels: [{ id: pii.email, columns: ["*.*.*.email"] }]
rules: [{ id: mask-email, match: { label: pii.email }, mask: email, unmask: { groups: [support] } }]`,
};

function masked(groups: string[]): string[] {
  const compiled = compileAnalysis({
    snapshotVersion: "1",
    bundle: { version: 1, files },
    groups: ["fraud", "support"],
    databases: [{ name: "shop", labels: {}, catalog }],
  });
  const principal = { kind: "agent" as const, name: "a", owner: "o@example.com", groups };
  const input = previewInput({ principal, database: "shop", sql: "", at: new Date(0) });
  return masksInForce(compiled, input).map(({ column: id, rule, mask }) => `${id} ${rule} ${mask.kind}`);
}

describe("masksInForce", () => {
  it("names masked columns and the view columns that show them", () => {
    expect(masked([])).toEqual([
      "shop.public.people.email mask-email email",
      "shop.public.contacts.address mask-email email",
    ]);
  });

  it.each([
    ["a rule", "support"],
    ["a policy", "fraud"],
  ])("leaves out what %s unmasks", (_what, group) => {
    expect(masked([group])).toEqual([]);
  });

  it("is empty for a database that is not known", () => {
    const compiled = compileAnalysis({
      snapshotVersion: "1",
      bundle: { version: 1, files: {} },
      groups: [],
      databases: [],
    });
    const principal = { kind: "person" as const, name: "p@example.com", groups: [] };
    const input = previewInput({ principal, database: "nowhere", sql: "", at: new Date(0) });
    expect(masksInForce(compiled, input)).toEqual([]);
  });
});

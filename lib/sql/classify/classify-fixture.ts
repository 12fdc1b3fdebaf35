import type { Catalog, CatalogRelation } from "../catalog";
import { indexCatalog } from "../catalog-index";
import { parseStatements } from "../parse";
import type { StatementAnalysis } from "../types";
import { type ClassifyInput, classifyStatement } from "./classify-statement";

/** A catalog and two readers for the tests of this folder. */
let oid = 16_384;

function relation(name: string, columns: string, kind = "r", schema = "public"): CatalogRelation {
  return {
    oid: oid++,
    schema,
    name,
    kind,
    columns: columns.split(" ").map((column, index) => ({
      number: index + 1,
      name: column,
      typeOid: 25,
      type: "text",
      typeKind: "b",
      notNull: column === "id",
      generated: false,
      readable: true,
    })),
    parents: [],
    primaryKey: [1],
    unique: [1],
    rows: 0,
    hasTriggers: false,
    hasRules: false,
  };
}

function fn(name: string, kind = "f", schema = "public"): Catalog["functions"][number] {
  return {
    oid: oid++,
    schema,
    name,
    arguments: "integer",
    language: "sql",
    volatility: "v",
    kind,
    definitionHash: "x",
  };
}

const catalog: Catalog = {
  serverVersion: 180004,
  databaseName: "upstream_shop",
  schemas: ["public", "crm", "Odd Schema"],
  relations: [
    relation("orders", "id customer_id note"),
    relation("customers", "id name email"),
    relation("audit", "id what"),
    relation("v_orders", "id note", "v"),
    relation("mv_orders", "id", "m"),
    relation("orders_id_seq", "last_value", "S"),
    relation("customers", "id label", "r", "crm"),
    relation("Odd Table", "id", "r", "Odd Schema"),
  ],
  functions: [fn("refresh_totals"), fn("f", "f", "crm"), fn("lower", "f", "crm"), fn("p", "p")],
  operators: [],
  types: [],
};

const index = indexCatalog(catalog, "shop");

export function analyse(sql: string, input: Partial<ClassifyInput> = {}): StatementAnalysis {
  const batch = parseStatements(sql);
  if ("sqlstate" in batch) throw new Error(`${batch.message}: ${sql}`);
  const statement = batch.statements[0];
  if (statement === undefined) throw new Error("no statement");
  return classifyStatement({ statement, batch, index, searchPath: ["$user", "public"], role: "app", ...input });
}

/** What the statement asks: `select orders` is select on Table shop.public.orders; other types show their id whole. */
export function asks(sql: string, input: Partial<ClassifyInput> = {}): string[] {
  const analysis = analyse(sql, input);
  if (analysis.refusal !== undefined) return [`refused ${analysis.refusal.sqlstate}`];
  return analysis.asks
    .map(({ action, resource, hasWhere, whereIsConstant }) => {
      const id =
        resource.type === "Table" ? resource.id.replace(/^shop\.public\./, "") : `${resource.type} ${resource.id}`;
      const where = ["update", "delete", "merge"].includes(action)
        ? hasWhere
          ? whereIsConstant
            ? " where constant"
            : " where"
          : " no where"
        : "";
      return `${action} ${id}${where}`;
    })
    .sort();
}

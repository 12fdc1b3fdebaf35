import { describe, expect, it } from "vitest";
import { estimatedRowsOf } from "./estimated-rows";

const plan = (node: object) => JSON.stringify([{ Plan: node }]);
const scan = (rows: number) => ({ "Node Type": "Seq Scan", "Plan Rows": rows });

describe("estimated rows of a plan", () => {
  it.each<[string, object, number]>([
    ["are those of the result", scan(250), 250],
    ["are not those below an aggregate", { "Node Type": "Aggregate", "Plan Rows": 1, Plans: [scan(9_000)] }, 1],
    ["are those that a delete takes in", { "Node Type": "ModifyTable", "Plan Rows": 0, Plans: [scan(70)] }, 70],
    [
      "count a delete in a CTE beside a small result",
      {
        "Node Type": "Aggregate",
        "Plan Rows": 1,
        Plans: [{ "Node Type": "ModifyTable", "Plan Rows": 40, Plans: [scan(40)] }],
      },
      40,
    ],
    [
      "count every partition that an update takes in",
      {
        "Node Type": "ModifyTable",
        "Plan Rows": 0,
        Plans: [{ "Node Type": "Append", "Plan Rows": 30, Plans: [scan(10), scan(20)] }],
      },
      30,
    ],
    ["are rounded and stay integers", scan(1e300), Number.MAX_SAFE_INTEGER],
  ])("%s", (_title, node, rows) => {
    expect(estimatedRowsOf(plan(node))).toBe(rows);
  });

  it.each(["", "{}", "[]", '[{"Plan":{}}]', '[{"Plan":{"Node Type":"Seq Scan","Plan Rows":-1}}]'])(
    "are not had from %s",
    (text) => {
      expect(estimatedRowsOf(text)).toBeNull();
    },
  );
});

import type { ActionName, Ask, ResourceType } from "@/lib/sql/types";
import { compileBundle } from "./bundle";
import type { CompiledBundle } from "./compiled";
import type { BundleFiles, DecisionInput, Principal } from "./types";

/** Groups that the tests of this folder know. */
export const sampleGroups = ["agents", "read-only", "maintenance", "security", "data-owners", "fraud", "break-glass"];

export const sampleAgent: Principal = { kind: "agent", name: "robot", groups: ["agents"], owner: "owner@example.com" };
export const samplePerson: Principal = { kind: "person", name: "ann@example.com", groups: ["fraud"] };

/** A daytime input by an agent on the production database `shop`, with what the test sets over it. */
export function sampleInput(over: Partial<DecisionInput> = {}): DecisionInput {
  return {
    principal: sampleAgent,
    database: { name: "shop", labels: { env: "production" } },
    session: { clientAddress: "10.1.2.3", applicationName: "psql", tls: true, inTransaction: false, breakGlass: false },
    time: { epochSeconds: 1_780_000_000, hour: 12, weekday: 3 },
    usage: { rowsLastHour: 0, statementsLastHour: 0 },
    grants: [],
    statement: {
      kind: "select",
      fingerprint: "0123456789abcdef",
      statementsInBatch: 1,
      tables: ["shop.public.orders"],
      sensitivity: [],
    },
    asks: [],
    waived: [],
    ...over,
  };
}

/** An ask on a table of `shop` unless said otherwise, of a node with a WHERE that depends on the row. */
export function sampleAsk(action: ActionName, id = "shop.public.orders", type: ResourceType = "Table"): Ask {
  return { action, resource: { type, id }, hasWhere: true, whereIsConstant: false };
}

/** Compiles policies that must be faultless; a string is the one .cedar file of the bundle. */
export function sampleBundle(files: BundleFiles | string): CompiledBundle {
  const labels =
    "labels:\n  - { id: pii.email, columns: ['*.*.*.email'] }\n  - { id: pii.name, columns: ['*.*.*.name'] }\n";
  const all = typeof files === "string" ? { "a.cedar": files, "masking.yaml": labels } : files;
  const compilation = compileBundle({ files: all, groups: sampleGroups });
  if (!compilation.ok) throw new Error(compilation.faults.map((fault) => fault.message).join("\n"));
  return compilation.bundle;
}

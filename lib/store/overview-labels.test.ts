import { describe, expect, it } from "vitest";
import type { MaskingConfig } from "@/lib/masking/types";
import { readsByLabel } from "./overview-labels";

const config: MaskingConfig = {
  labels: [
    { id: "pii.email", columns: ["*.*.*.email"] },
    { id: "pii.name", columns: ["shop.public.customers.name"] },
    { id: "public", columns: ["shop.public.orders.id"] },
  ],
  rules: ["pii.email", "pii.name"].map((label) => ({
    id: label,
    match: { label },
    mask: { kind: "redact" },
    predicates: "mask",
    unmaskGroups: [],
    nulls: "keep",
  })),
  unlabelled: "show",
  newColumns: "show",
};
const email = "shop.public.customers.email";
const name = "shop.public.customers.name";

describe("readsByLabel", () => {
  it("counts a statement as clear when one column of the label was not masked", () => {
    expect(
      readsByLabel(config, [
        { columns: [email, name], masked: [email], count: 3 },
        { columns: [email, "shop.public.staff.email"], masked: [email], count: 2 },
        { columns: [email], masked: [email], count: 5 },
      ]),
    ).toEqual([
      { label: "pii.name", masked: 0, clear: 3 },
      { label: "pii.email", masked: 8, clear: 2 },
    ]);
  });

  it("leaves out columns without a label, and labels that no rule hides", () => {
    expect(
      readsByLabel(config, [{ columns: ["shop.public.orders.id", "shop.public.orders.n"], masked: [], count: 9 }]),
    ).toEqual([]);
  });
});

import { schemaToJson } from "@cedar-policy/cedar-wasm/nodejs";
import { describe, expect, it } from "vitest";
import { actionGroups, actionNames, actionsNamed, cedarSchema, resourceText } from "./schema";

describe("the Cedar schema", () => {
  const answer = schemaToJson(cedarSchema);
  const actions = answer.type === "success" ? answer.json[""]!.actions : {};

  it("parses", () => {
    expect(answer.type).toBe("success");
  });

  it("has the actions and groups of the tables", () => {
    expect(Object.keys(actions).sort()).toEqual([...actionNames, ...Object.keys(actionGroups)].sort());
    for (const [group, members] of Object.entries(actionGroups)) {
      const inSchema = Object.keys(actions).filter((name) =>
        actions[name]?.memberOf?.some((each) => each.id === group),
      );
      expect(inSchema.sort(), group).toEqual([...members].sort());
    }
  });

  it("keeps unmask out of every group", () => {
    expect(actions.unmask?.memberOf ?? []).toEqual([]);
    expect(Object.values(actionGroups).flat()).not.toContain("unmask");
  });
});

describe("actionsNamed", () => {
  it.each([
    ["read", ["select", "copyOut", "explain"]],
    ["select", ["select"]],
    ["unmask", ["unmask"]],
    ["toString", []],
  ])("%s", (id, expected) => {
    expect(actionsNamed(id)).toEqual(expected);
  });
});

describe("resourceText", () => {
  it("quotes as Cedar does", () => {
    expect(resourceText({ type: "Table", id: 'shop.public."Order Items"' })).toBe(
      'Table::"shop.public.\\"Order Items\\""',
    );
  });
});

import { describe, expect, it } from "vitest";
import { askCedar, type CedarRequest } from "./cedar";
import { baseContext } from "./context";
import { sampleInput } from "./sample-input";

const input = sampleInput();
const request: CedarRequest = {
  principal: { type: "Agent", id: "robot" },
  action: "connect",
  resource: { type: "Database", id: "shop" },
  context: baseContext(input),
  entities: [{ uid: { type: "Agent", id: "robot" }, attrs: { owner: { type: "Person", id: "o@x" } }, parents: [] }],
};
const permit = (id: string) => ({ id, text: "permit (principal, action, resource);" });
const forbid = (id: string) => ({ id, text: "forbid (principal, action, resource);" });

describe("askCedar", () => {
  it("keeps slices apart when there are more of them than the cache has places", () => {
    // Twice the number of places, asked in two rounds, so that every place is recycled.
    for (let round = 0; round < 2; round++) {
      for (let number = 0; number < 600; number++) {
        const policy = number % 2 === 0 ? permit(`p${number}`) : forbid(`p${number}`);
        const answer = askCedar({ key: `many-${number}`, policies: [policy] }, request);
        const effect = number % 2 === 0 ? "allow" : "deny";
        expect(answer).toEqual({ ok: true, effect, ids: [`p${number}`] });
      }
    }
  });

  it("does not answer from an older slice when a new one cannot be parsed", () => {
    const broken = { key: "broken", policies: [{ id: "x", text: "permit (" }] };
    for (let number = 0; number < 3; number++) expect(askCedar(broken, request)).toMatchObject({ ok: false });
    expect(askCedar({ key: "sound", policies: [permit("y")] }, request)).toMatchObject({ ok: true, ids: ["y"] });
  });

  it("is not ok about a request that the schema does not know", () => {
    const slice = { key: "open", policies: [permit("p")] };
    expect(askCedar(slice, { ...request, action: "levitate" })).toMatchObject({ ok: false });
    expect(askCedar(slice, { ...request, context: {} })).toMatchObject({ ok: false });
    expect(askCedar(slice, { ...request, resource: { type: "Table", id: "shop.public.t" } })).toMatchObject({
      ok: false,
    });
  });

  it("is not ok when a value is none of Cedar's", () => {
    const context = { ...request.context, usage: { rowsLastHour: 0.5, statementsLastHour: 0 } };
    expect(askCedar({ key: "open", policies: [permit("p")] }, { ...request, context })).toMatchObject({ ok: false });
  });
});

import { describe, expect, it } from "vitest";
import type { HoldSettings } from "./compiled";
import { combineHolds, peopleNeeded } from "./hold-terms";

const hold: HoldSettings = {
  group: "security",
  quorum: 1,
  also: null,
  expiresSeconds: 1800,
  waitSeconds: 120,
  lasts: "once",
  channels: ["console", "slack", "email"],
  severity: "medium",
};

describe("combineHolds", () => {
  it.each<[string, Partial<HoldSettings>, Partial<HoldSettings>, object]>([
    [
      "takes the largest quorum of a group",
      { quorum: 1 },
      { quorum: 2 },
      { quorum: [{ group: "security", count: 2 }] },
    ],
    [
      "asks every group",
      {},
      { group: "data-owners", quorum: 2 },
      {
        quorum: [
          { group: "security", count: 1 },
          { group: "data-owners", count: 2 },
        ],
      },
    ],
    ["asks every @also, each once", { also: "a" }, { also: "b" }, { also: ["a", "b"] }],
    ["does not ask the same @also twice", { also: "a" }, { also: "a" }, { also: ["a"] }],
    ["takes the shortest times", { expiresSeconds: 60 }, { waitSeconds: 30 }, { expiresSeconds: 60, waitSeconds: 30 }],
    ["waits no longer than the request lives", { expiresSeconds: 60 }, {}, { waitSeconds: 60 }],
    ["covers once where one says once", { lasts: 600 }, {}, { lasts: "once" }],
    ["covers the shortest time otherwise", { lasts: 600 }, { lasts: 60 }, { lasts: 60 }],
    [
      "uses the channels that all share",
      { channels: ["console", "slack"] },
      { channels: ["slack", "email"] },
      { channels: ["slack"] },
    ],
    [
      "uses the console where none is shared",
      { channels: ["slack"] },
      { channels: ["email"] },
      { channels: ["console"] },
    ],
    ["is as severe as the most severe", { severity: "low" }, { severity: "high" }, { severity: "high" }],
  ])("%s", (_, one, other, expected) => {
    expect(
      combineHolds([
        { ...hold, ...one },
        { ...hold, ...other },
      ]),
    ).toMatchObject(expected);
  });

  it("leaves a single hold as it is", () => {
    const { group, quorum, also, ...rest } = hold;
    expect(combineHolds([hold])).toEqual({ ...rest, quorum: [{ group, count: quorum }], also: [] });
  });
});

describe("peopleNeeded", () => {
  it("counts every seat of the quorum", () => {
    expect(
      peopleNeeded({
        quorum: [
          { group: "a", count: 2 },
          { group: "b", count: 1 },
        ],
        also: ["c"],
      }),
    ).toBe(4);
  });
});

import { describe, expect, it } from "vitest";
import { seatsOf, signaturesOf } from "./inbox-view";

const terms = { quorum: [{ group: "security", count: 2 }], also: ["data-owners", "security"] };

describe("seatsOf", () => {
  it("adds up the seats of a group", () => {
    expect(seatsOf(terms, { state: "approved" })).toEqual([
      { group: "security", need: 3, missing: 0 },
      { group: "data-owners", need: 1, missing: 0 },
    ]);
  });

  it("says what is missing while it is pending", () => {
    const seats = seatsOf(terms, { state: "pending", missing: [{ group: "data-owners", need: 1 }] });
    expect(seats[1]).toEqual({ group: "data-owners", need: 1, missing: 1 });
    expect(signaturesOf(seats)).toEqual({ have: 3, need: 4 });
  });
});

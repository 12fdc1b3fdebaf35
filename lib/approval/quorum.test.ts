import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { missingSeats } from "./assign-seats";
import { type CountedReview, evaluateReviews } from "./quorum";
import { reachable } from "./reachable";

const security = { quorum: [{ group: "security", count: 1 }], also: [] };
const two = { quorum: [{ group: "security", count: 2 }], also: [] };
const alsoOwners = { quorum: [{ group: "security", count: 1 }], also: ["data-owners"] };

function approval(email: string, ...groups: string[]): CountedReview {
  return { email, vote: "approve", groups };
}
function denial(email: string, ...groups: string[]): CountedReview {
  return { email, vote: "deny", groups };
}
const pending = (group: string, need = 1) => ({ state: "pending", missing: [{ group, need }] });

describe("evaluateReviews", () => {
  it.each<[string, typeof alsoOwners, CountedReview[], object]>([
    ["waits while nobody has reviewed", security, [], pending("security")],
    ["is approved by one of the group", security, [approval("a", "security")], { state: "approved" }],
    ["does not count somebody outside the groups", security, [approval("a", "fraud")], pending("security")],
    ["waits for the second of two", two, [approval("a", "security")], pending("security")],
    ["counts the same person once", two, [approval("a", "security"), approval("A", "security")], pending("security")],
    [
      "is approved by two of the group",
      two,
      [approval("a", "security"), approval("b", "security")],
      { state: "approved" },
    ],
    ["needs somebody else for @also", alsoOwners, [approval("a", "security", "data-owners")], pending("data-owners")],
    [
      "seats somebody in two groups where the others can sit too",
      alsoOwners,
      [approval("a", "security", "data-owners"), approval("b", "security")],
      { state: "approved" },
    ],
    [
      "seats them so in whatever order they come",
      alsoOwners,
      [approval("b", "data-owners"), approval("a", "security", "data-owners")],
      { state: "approved" },
    ],
    [
      "does not let two of one group stand for two groups",
      alsoOwners,
      [approval("a", "security"), approval("b", "security")],
      pending("data-owners"),
    ],
    ["is denied by one", two, [approval("a", "security"), denial("b", "security")], { state: "denied" }],
    ["is denied by one of @also", alsoOwners, [denial("b", "data-owners")], { state: "denied" }],
    [
      "is denied even where enough approve",
      security,
      [approval("a", "security"), denial("b", "security")],
      { state: "denied" },
    ],
    ["does not count a denial from outside the groups", security, [denial("a", "fraud")], pending("security")],
  ])("%s", (_, terms, reviews, expected) => {
    expect(evaluateReviews({ terms, reviews, excluded: [] })).toEqual(expected);
  });

  it("counts excluded people neither way", () => {
    const excluded = ["Ann@Example.com"];
    expect(evaluateReviews({ terms: security, reviews: [approval("ann@example.com", "security")], excluded })).toEqual(
      pending("security"),
    );
    expect(evaluateReviews({ terms: security, reviews: [denial("ann@example.com", "security")], excluded })).toEqual(
      pending("security"),
    );
  });

  it("counts the policy's author beside others, never alone", () => {
    const alone = { terms: security, reviews: [approval("a", "security")], excluded: [] };
    expect(evaluateReviews({ ...alone, policyAuthor: "A" })).toEqual(pending("security"));
    expect(evaluateReviews({ ...alone, policyAuthor: "b" })).toEqual({ state: "approved" });
    const both = [approval("a", "security"), approval("b", "security")];
    expect(evaluateReviews({ terms: two, reviews: both, excluded: [], policyAuthor: "a" })).toEqual({
      state: "approved",
    });
    expect(evaluateReviews({ ...alone, reviews: both, policyAuthor: "a" })).toEqual({ state: "approved" });
  });

  it("never approves by silence", () => {
    expect(evaluateReviews({ terms: { quorum: [], also: [] }, reviews: [], excluded: [] }).state).toBe("pending");
  });
});

const names = ["a", "b", "c", "d", "e"];
const groupNames = ["g", "h", "i"];
const someGroups = fc.subarray(groupNames, { minLength: 0 });
const someTerms = fc.record({
  quorum: fc
    .subarray(groupNames, { minLength: 1 })
    .chain((groups) =>
      fc.tuple(...groups.map((group) => fc.integer({ min: 1, max: 3 }).map((count) => ({ group, count })))),
    ),
  also: fc.subarray(groupNames),
});
const someReviews = fc.uniqueArray(
  fc.record({ email: fc.constantFrom(...names), vote: fc.constant("approve" as const), groups: someGroups }),
  {
    selector: (review) => review.email,
  },
);

/** Tries every way of seating people. */
function canSeat(seats: string[], people: readonly CountedReview[]): boolean {
  const [seat, ...rest] = seats;
  if (seat === undefined) return true;
  return people.some(
    (person) =>
      person.groups.includes(seat) &&
      canSeat(
        rest,
        people.filter((other) => other !== person),
      ),
  );
}

describe("quorum, for all reviews", () => {
  it("is made exactly when people can be seated one to a seat", () => {
    fc.assert(
      fc.property(someTerms, someReviews, (terms, reviews) => {
        const seats = [...terms.quorum.flatMap(({ group, count }) => Array<string>(count).fill(group)), ...terms.also];
        const { state } = evaluateReviews({ terms, reviews, excluded: [] });
        expect(state === "approved").toBe(canSeat(seats, reviews));
      }),
    );
  });

  it("is never made by fewer people than it has seats", () => {
    fc.assert(
      fc.property(someTerms, someReviews, (terms, reviews) => {
        const seats = terms.quorum.reduce((sum, { count }) => sum + count, terms.also.length);
        fc.pre(reviews.length < seats);
        expect(evaluateReviews({ terms, reviews, excluded: [] }).state).toBe("pending");
      }),
    );
  });

  it("does not move when an excluded person reviews", () => {
    fc.assert(
      fc.property(
        someTerms,
        someReviews,
        fc.constantFrom("approve" as const, "deny" as const),
        (terms, reviews, vote) => {
          const before = evaluateReviews({ terms, reviews, excluded: ["me@example.com"] });
          const own = { email: "Me@example.com", vote, groups: groupNames };
          expect(evaluateReviews({ terms, reviews: [own, ...reviews], excluded: ["me@example.com"] })).toEqual(before);
        },
      ),
    );
  });

  it("is not unmade by one more approval, and asks for as many people as it lacks", () => {
    fc.assert(
      fc.property(someTerms, someReviews, someGroups, (terms, reviews, groups) => {
        const lacks = (people: readonly CountedReview[]) =>
          missingSeats(terms, new Map(people.map((one) => [one.email, one.groups]))).reduce(
            (sum, { need }) => sum + need,
            0,
          );
        const before = lacks(reviews);
        const after = lacks([...reviews, approval("new", ...groups)]);
        expect(before - after === 0 || before - after === 1).toBe(true);
      }),
    );
  });
});

describe("reachable", () => {
  it.each([
    ["one of the group", security, { security: ["a"] }, [], true],
    ["nobody in the group", security, { security: [] }, [], false],
    ["a group without an entry", security, {}, [], false],
    ["only the requester in the group", security, { security: ["a@x"] }, ["A@x"], false],
    ["one person in both groups", alsoOwners, { security: ["a"], "data-owners": ["a"] }, [], false],
    ["two people, one in both groups", alsoOwners, { security: ["a"], "data-owners": ["a", "b"] }, [], true],
    ["the same person in two spellings", two, { security: ["a@x", "A@X"] }, [], false],
  ])("%s", (_, terms, members, excluded, expected) => {
    expect(reachable({ terms, members: members as Record<string, string[]>, excluded })).toBe(expected);
  });
});

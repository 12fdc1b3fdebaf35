import type { HoldTerms } from "@/lib/policy/types";

/** How many more people of a group it takes. */
export type MissingSeats = { group: string; need: number };

/**
 * Seats people so that as many seats of the quorum as possible are taken, each by another person who is
 * in the seat's group, and tells which stay empty.
 *
 * A quorum counts people: whoever is in two groups takes one seat, in whichever group lets the others
 * sit too (maximum matching by augmenting paths, Kuhn). The first seats of a group are filled first, so
 * the answer is empty exactly when the quorum is made.
 */
export function missingSeats(
  terms: Pick<HoldTerms, "quorum" | "also">,
  groupsOf: ReadonlyMap<string, readonly string[]>,
): MissingSeats[] {
  const seats = [...terms.quorum.flatMap(({ group, count }) => Array<string>(count).fill(group)), ...terms.also];
  const seatOf = new Map<string, number>();
  const empty = seats.map((_, seat) => seat).filter((seat) => !takeSeat({ seat, seats, groupsOf, seatOf }, new Set()));
  const missing = new Map<string, number>();
  for (const seat of empty) missing.set(seats[seat]!, (missing.get(seats[seat]!) ?? 0) + 1);
  return [...missing].map(([group, need]) => ({ group, need }));
}

type Seating = {
  seat: number;
  seats: readonly string[];
  groupsOf: ReadonlyMap<string, readonly string[]>;
  /** person → seat */
  seatOf: Map<string, number>;
};

function takeSeat(seating: Seating, asked: Set<string>): boolean {
  const { seat, seats, groupsOf, seatOf } = seating;
  for (const [person, groups] of groupsOf) {
    if (asked.has(person) || !groups.includes(seats[seat]!)) continue;
    asked.add(person);
    const taken = seatOf.get(person);
    if (taken === undefined || takeSeat({ ...seating, seat: taken }, asked)) {
      seatOf.set(person, seat);
      return true;
    }
  }
  return false;
}

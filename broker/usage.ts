import type { UsageFacts } from "@/lib/policy/types";

const slots = 60;
const slotMs = 60_000;
const principalsMax = 50_000;

type Ring = { slot: number; rows: number[]; statements: number[]; rowsTotal: number; statementsTotal: number };

/** Rows and statements of each principal in the last hour, by minutes, as this process saw them. */
export class Usage {
  readonly #now: () => number;
  readonly #rings = new Map<string, Ring>();

  constructor(now: () => number) {
    this.#now = now;
  }

  addStatement(principal: string): void {
    const ring = this.#ringOf(principal);
    const index = ring.slot % slots;
    ring.statements[index] = (ring.statements[index] ?? 0) + 1;
    ring.statementsTotal += 1;
  }

  addRows(principal: string, rows: number): void {
    if (rows === 0) return;
    const ring = this.#ringOf(principal);
    const index = ring.slot % slots;
    ring.rows[index] = (ring.rows[index] ?? 0) + rows;
    ring.rowsTotal += rows;
  }

  lastHour(principal: string): UsageFacts {
    const ring = this.#rings.has(principal) ? this.#ringOf(principal) : null;
    return { rowsLastHour: ring?.rowsTotal ?? 0, statementsLastHour: ring?.statementsTotal ?? 0 };
  }

  #ringOf(principal: string): Ring {
    const slot = Math.floor(this.#now() / slotMs);
    let ring = this.#rings.get(principal);
    if (ring === undefined) {
      if (this.#rings.size >= principalsMax) this.#rings.clear();
      ring = { slot, rows: [], statements: [], rowsTotal: 0, statementsTotal: 0 };
      this.#rings.set(principal, ring);
    }
    if (slot !== ring.slot) turn(ring, slot);
    return ring;
  }
}

/** Empties the minutes that have passed since the ring was last used. */
function turn(ring: Ring, slot: number): void {
  const passed = Math.min(Math.max(0, slot - ring.slot), slots);
  for (let step = 1; step <= passed; step++) {
    const index = (ring.slot + step) % slots;
    ring.rowsTotal -= ring.rows[index] ?? 0;
    ring.statementsTotal -= ring.statements[index] ?? 0;
    ring.rows[index] = 0;
    ring.statements[index] = 0;
  }
  ring.slot = Math.max(slot, ring.slot);
}

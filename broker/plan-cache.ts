import type { KnownPlan } from "./calls";

const plansMax = 20_000;

/** Plans by facts key and shape (or exact text). Emptied whole when full or when the policies change. */
export class PlanCache {
  readonly #byKey = new Map<string, { shapes: Map<string, KnownPlan>; texts: Map<string, KnownPlan> }>();
  #size = 0;

  get(key: string, shape: string, sql: string): KnownPlan | undefined {
    const plans = this.#byKey.get(key);
    return plans?.shapes.get(shape) ?? plans?.texts.get(sql);
  }

  set(known: KnownPlan, sql: string): void {
    const { reuse, shape } = known.plan;
    if (reuse === "never") return;
    if (this.#size >= plansMax) this.clear();
    let plans = this.#byKey.get(known.key);
    if (plans === undefined) {
      plans = { shapes: new Map(), texts: new Map() };
      this.#byKey.set(known.key, plans);
    }
    if (reuse === "shape") plans.shapes.set(shape, known);
    else plans.texts.set(sql, known);
    this.#size += 1;
  }

  clear(): void {
    this.#byKey.clear();
    this.#size = 0;
  }
}

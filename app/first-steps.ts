import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FirstStep } from "@/components/overview/first-steps";
import { env } from "@/lib/env";

/** Commands that fill an empty console: the demo's own where this is the demo, otherwise psql with places to fill in. */
export function firstSteps(): [FirstStep, FirstStep, FirstStep] {
  const { COUNTERSIGN_HOME, BROKER_HOST, BROKER_PORT } = env();
  const demo = existsSync(join(COUNTERSIGN_HOME, "demo.json"));
  const ask = (agent: string, sql: string) =>
    demo
      ? `npm run ask -- ${agent} "${sql}"`
      : `psql "host=${BROKER_HOST} port=${BROKER_PORT} user=AGENT dbname=DATABASE password=TOKEN" -c "${sql}"`;
  return [
    { id: "mask", command: ask("reporting-agent", "SELECT * FROM customers LIMIT 5") },
    { id: "refuse", command: ask("reporting-agent", "DROP TABLE customers") },
    { id: "hold", command: ask("maintenance-agent", "DELETE FROM orders WHERE id = 42") },
  ];
}

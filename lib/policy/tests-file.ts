import { z } from "zod";
import { readYaml } from "./read-yaml";
import type { BundleFault } from "./types";

const sessionSchema = z.strictObject({
  clientAddress: z.string().optional(),
  applicationName: z.string().optional(),
  tls: z.boolean().optional(),
  inTransaction: z.boolean().optional(),
  onBehalfOf: z.string().optional(),
  reason: z.string().optional(),
  breakGlass: z.boolean().optional(),
});

const testSchema = z.strictObject({
  name: z.string().min(1),
  principal: z.string().regex(/^(agent|person)\/\S+$/, 'must be "agent/NAME" or "person/EMAIL"'),
  database: z.string().min(1),
  statement: z.string().min(1),
  /** `refused`: not supported under governance, or not understood, before any policy is asked */
  expect: z.enum(["allow", "deny", "hold", "refused"]),
  /** people that it takes in all */
  quorum: z.int().min(1).optional(),
  /** trailing parts of column ids that must be masked; an empty list says that nothing is */
  masked: z.array(z.string().min(1)).optional(),
  /** trailing parts of column ids that must not be masked */
  unmasked: z.array(z.string().min(1)).optional(),
  /** policies that must be among those that decide */
  policies: z.array(z.string().min(1)).optional(),
  /** part of the reason */
  reason: z.string().min(1).optional(),
  sqlstate: z.string().length(5).optional(),
  /** the moment of the statement; the runner's own when absent */
  at: z.iso.datetime({ offset: true }).optional(),
  session: sessionSchema.optional(),
  usage: z
    .strictObject({ rowsLastHour: z.int().min(0).optional(), statementsLastHour: z.int().min(0).optional() })
    .optional(),
});

/** One expectation of a bundle about itself. */
export type BundleTest = z.output<typeof testSchema> & { file: string; line?: number };

/** Reads one file of `tests/`. */
export function readTestsFile(file: string, text: string): { tests: BundleTest[]; faults: BundleFault[] } {
  const reading = readYaml({ file, text, schema: z.array(testSchema), empty: [] });
  if (!reading.ok) return { tests: [], faults: reading.faults };
  return {
    tests: reading.value.map((test, at) => ({ ...test, file, line: reading.lineOf([at]) })),
    faults: [],
  };
}

import { z } from "zod";

/** demo.json: where everything of a running demo is, for scripts and tests. It holds live tokens. */
export const demoFileSchema = z.object({
  console: z.url(),
  issuer: z.url(),
  broker: z.object({ host: z.string(), port: z.number() }),
  upstream: z.string(),
  store: z.string(),
  mail: z.url(),
  people: z.array(z.object({ email: z.string(), name: z.string(), role: z.string(), groups: z.array(z.string()) })),
  principals: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(["agent", "person"]),
      groups: z.array(z.string()),
      dsn: z.string(),
      token: z.string(),
    }),
  ),
  /** of the process that runs it */
  pid: z.number(),
});

export type DemoFile = z.infer<typeof demoFileSchema>;

/** @throws Error for a principal that the demo does not have */
export function principalOf(demo: DemoFile, name: string): DemoFile["principals"][number] {
  const found = demo.principals.find((principal) => principal.name === name);
  if (!found) throw new Error(`the demo has no principal named ${name}`);
  return found;
}

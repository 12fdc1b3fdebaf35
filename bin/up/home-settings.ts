import { generateKeyPairSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { generateKeyRing } from "@/lib/secrets";

const secretBytes = 24;
const signInKeyBits = 2_048;

/** What a home remembers between starts: keys, passwords, the ports it chose for itself, the demo's tokens. */
export const homeSettingsSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  clusterMade: z.boolean(),
  seeded: z.boolean(),
  countersignKey: z.string().min(1),
  authSecret: z.string().min(32),
  passwords: z.object({
    superuser: z.string().min(1),
    storeOwner: z.string().min(1),
    storeApplication: z.string().min(1),
    shopOwner: z.string().min(1),
    shopBroker: z.string().min(1),
  }),
  signIn: z.object({
    clientSecret: z.string().min(1),
    cookieSecret: z.string().min(1),
    /** private RS256 key, JWK */
    key: z.record(z.string(), z.unknown()),
  }),
  ports: z.object({ postgres: z.number(), signIn: z.number(), smtp: z.number(), mail: z.number() }).partial(),
  /** secrets by `agent/NAME` or `person/EMAIL` */
  tokens: z.record(z.string(), z.object({ id: z.string(), secret: z.string() })),
});

export type HomeSettings = z.infer<typeof homeSettingsSchema>;

/** Fresh keys for a new home. */
export function newSettings(): HomeSettings {
  const secret = (): string => randomBytes(secretBytes).toString("base64url");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: signInKeyBits });
  return {
    format: 1,
    createdAt: new Date().toISOString(),
    clusterMade: false,
    seeded: false,
    countersignKey: generateKeyRing(),
    authSecret: secret() + secret(),
    passwords: {
      superuser: secret(),
      storeOwner: secret(),
      storeApplication: secret(),
      shopOwner: secret(),
      shopBroker: secret(),
    },
    signIn: {
      clientSecret: secret(),
      cookieSecret: secret(),
      key: { ...privateKey.export({ format: "jwk" }), kid: randomBytes(8).toString("hex") },
    },
    ports: {},
    tokens: {},
  };
}

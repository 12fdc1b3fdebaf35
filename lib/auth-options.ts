import { randomBytes } from "node:crypto";
import { headers } from "next/headers";
import type { AuthOptions, LoggerInstance } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";

import { sessionCookieName } from "@/lib/auth";
import { env, requireSetting } from "@/lib/env";
import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { type SignInPerson, signInPerson } from "@/lib/store/sign-in";
import { storeAdapter } from "./auth-adapter";

const sessionSeconds = 12 * 60 * 60;
const sessionTokenBytes = 32;

/** What we read of an identity token. */
const claims = z.object({
  sub: z.string().min(1),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.enum(["true", "false"]).transform((value) => value === "true")]).optional(),
  name: z.string().optional(),
});

/** Whether this installation can sign people in at all. */
export function signInIsConfigured(): boolean {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, AUTH_SECRET } = env();
  return [OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, AUTH_SECRET].every((value) => value !== undefined);
}

/**
 * Settings of the sign-in library for one request, which hands whom it accepted from the callback to the adapter.
 * `action` is what stands behind /api/auth/.
 */
export function authOptions(action: string): AuthOptions {
  const issuer = requireSetting("OIDC_ISSUER");
  let accepted: SignInPerson | null = null;
  return {
    providers: [oidcProvider(issuer)],
    adapter: storeAdapter({ accepted: () => accepted, signingIn: action === "callback", sessionSeconds }),
    secret: requireSetting("AUTH_SECRET"),
    session: {
      strategy: "database",
      maxAge: sessionSeconds,
      updateAge: sessionSeconds,
      generateSessionToken: () => randomBytes(sessionTokenBytes).toString("base64url"),
    },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: env().CONSOLE_URL.startsWith("https:") },
      },
    },
    callbacks: {
      // Binds (issuer, subject) to a person who was added before, or says why not.
      async signIn({ profile }) {
        const claimed = claims.safeParse(profile);
        if (!claimed.success) return "/sign-in?error=provider";
        const { sub, email, email_verified, name } = claimed.data;
        const result = await signInPerson(
          {
            issuer,
            subject: sub,
            email: email ?? null,
            emailVerified: email_verified === true,
            name: name ?? null,
            address: await clientAddress(),
          },
          { autoProvision: env().OIDC_AUTO_PROVISION },
        );
        if (result.outcome === "refused") return `/sign-in?error=${result.cause}`;
        accepted = result.person;
        return true;
      },
    },
    logger,
  };
}

function oidcProvider(issuer: string): OAuthConfig<{ sub: string; email?: string; name?: string }> {
  return {
    id: "oidc",
    name: "Single sign-on",
    type: "oauth",
    wellKnown: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
    issuer,
    clientId: requireSetting("OIDC_CLIENT_ID"),
    clientSecret: requireSetting("OIDC_CLIENT_SECRET"),
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    authorization: { params: { scope: "openid email profile" } },
    profile: ({ sub, email, name }) => ({ id: sub, email: email ?? null, name: name ?? null }),
  };
}

/** The address that the nearest reverse proxy, or else the server itself, saw. */
async function clientAddress(): Promise<string | undefined> {
  return (await headers()).get("x-forwarded-for")?.split(",").at(-1)?.trim() || undefined;
}

/** Codes and messages only: what the library passes along may hold tokens. */
const logger: LoggerInstance = {
  error(code, metadata) {
    const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown }).error;
    log("sign-in").error({ code, message: error === undefined ? undefined : messageOf(error) }, "sign-in failed");
  },
  warn(code) {
    log("sign-in").warn({ code }, "sign-in warns");
  },
  debug() {},
};

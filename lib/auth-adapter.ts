import type { Adapter, AdapterUser } from "next-auth/adapters";

import { AppError } from "@/lib/errors";
import { findSession, keepSession, revokeSession } from "@/lib/store/sessions";
import { recordSignOut, type SignInPerson } from "@/lib/store/sign-in";

type AdapterOptions = {
  /** Whom the `signIn` callback of this request accepted; null before it ran. */
  accepted: () => SignInPerson | null;
  /** The request comes back from the provider. */
  signingIn: boolean;
  sessionSeconds: number;
};

/**
 * What the sign-in library needs of the store for one request, and no more. People are never created or linked by
 * it: the `signIn` callback has bound the identity (auth-options.ts). Sessions live in the store, so they can be
 * ended there, and only the hash of their token is kept. Pages and handlers read them by `readViewer`.
 */
export function storeAdapter({ accepted, signingIn, sessionSeconds }: AdapterOptions): Adapter {
  return {
    getUserByAccount() {
      const person = accepted();
      return person === null ? null : userOf(person);
    },
    async getSessionAndUser(token) {
      // Whoever was signed in in this browser is signed out by the next one's sign-in.
      if (signingIn) await signOut(token);
      const found = signingIn ? null : await findSession(token);
      if (found === null) return null;
      const { person, expiresAt } = found;
      return { session: { sessionToken: token, userId: person.id, expires: expiresAt }, user: userOf(person) };
    },
    async createSession({ sessionToken, userId }) {
      const expires = await keepSession({ personId: userId, token: sessionToken, ttlSeconds: sessionSeconds });
      return { sessionToken, userId, expires };
    },
    async deleteSession(token) {
      await signOut(token);
      return null;
    },
    updateSession: () => null,
    getUser: () => null,
    getUserByEmail: () => null,
    createUser: refuse,
    updateUser: refuse,
    linkAccount: refuse,
  };
}

function userOf({ id, email, name }: { id: string; email: string; name: string }): AdapterUser {
  return { id, email, name, emailVerified: null };
}

async function signOut(token: string): Promise<void> {
  const session = await findSession(token);
  if (session === null) return;
  await revokeSession(token);
  await recordSignOut(session.person.email);
}

function refuse(): never {
  throw new AppError("internal", "the sign-in library tried to change a person");
}

import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";

import { can, type Permission } from "@/lib/access/permissions";
import { env } from "@/lib/env";
import { findSession, type SessionPerson } from "@/lib/store/sessions";

/** The person behind a request of the console, as they are now. */
export type SignedIn = SessionPerson;

/** Secure, and bound to this host, wherever the console is reached over TLS. */
export function sessionCookieName(): string {
  return env().CONSOLE_URL.startsWith("https:") ? "__Host-countersign" : "countersign";
}

/** The token of the browser's session; undefined where there is none. */
export async function sessionToken(): Promise<string | undefined> {
  return (await cookies()).get(sessionCookieName())?.value;
}

/**
 * Who is signed in, or null. Asked of the store once per request: a session that ended, a person who was disabled
 * and a role that changed count from the next request on.
 */
export const readViewer = cache(async (): Promise<SignedIn | null> => {
  const token = await sessionToken();
  const session = token === undefined ? null : await findSession(token);
  return session?.person ?? null;
});

/**
 * For pages and layouts: who is signed in. Signed-out visitors go to the sign-in page and come back afterwards;
 * where `permission` is given and the role lacks it, the refused page says what is missing.
 */
export async function requireViewer(permission?: Permission): Promise<SignedIn> {
  const viewer = await readViewer();
  if (viewer === null) {
    const path = (await headers()).get("x-path") ?? "/";
    redirect(path === "/" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(path)}`);
  }
  if (permission !== undefined && !can(viewer.role, permission)) forbidden();
  return viewer;
}

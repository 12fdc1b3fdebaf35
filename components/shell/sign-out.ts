"use client";

/** Posts to the sign-in library with its CSRF token. Returns where it says to go. */
export async function postAuth(path: string, fields: Record<string, string>): Promise<string> {
  const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...fields, csrfToken, json: "true" }),
  });
  const { url } = (await response.json()) as { url: string };
  return url;
}

/** Ends the session on the server, then leaves. */
export async function signOut(): Promise<void> {
  await postAuth("/api/auth/signout", { callbackUrl: "/sign-in" });
  window.location.assign("/sign-in");
}

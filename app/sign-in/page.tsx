import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Wordmark } from "@/components/shell/wordmark";
import { SignInButton } from "@/components/sign-in/sign-in-button";
import { signInFault } from "@/components/sign-in/sign-in-faults";
import { Callout } from "@/components/ui/callout";
import { readViewer } from "@/lib/auth";
import { signInIsConfigured } from "@/lib/auth-options";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const query = await searchParams;
  const to = ownPath(first(query.to) ?? first(query.callbackUrl));
  const error = first(query.error);
  const hint = first(query.login_hint);
  if (error === undefined && hint === undefined && (await readViewer()) !== null) redirect(to);
  const fault = signInFault(error);
  return (
    <main className="grid min-h-dvh place-items-center bg-canvas px-4">
      <div className="w-full max-w-sm pb-[12vh]">
        <div className="rounded-md border border-line bg-surface p-6">
          <Wordmark />
          <h1 className="mt-6 text-xl font-semibold tracking-[-0.01em]">Sign in</h1>
          <p className="mt-1 mb-5 text-sm text-ink-muted">
            Your organisation's identity provider says who you are. There is no password here.
          </p>
          {fault ? (
            <Callout tone="deny" title={fault.title} className="mb-4">
              {fault.text}
            </Callout>
          ) : null}
          {signInIsConfigured() ? (
            <SignInButton to={to} loginHint={hint} />
          ) : (
            <Callout tone="hold" title="Sign-in is not set up">
              Set OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and AUTH_SECRET, then start the console again.
            </Callout>
          )}
        </div>
      </div>
    </main>
  );
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** A path of this console; anything that could lead elsewhere becomes the overview. */
function ownPath(value: string | undefined): string {
  if (value === undefined) return "/";
  try {
    const url = new URL(value, "http://console.invalid");
    const path = url.pathname + url.search + url.hash;
    return path.startsWith("//") || path.startsWith("/sign-in") ? "/" : path;
  } catch {
    return "/";
  }
}

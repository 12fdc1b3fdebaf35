"use client";

import { useState } from "react";
import { postAuth } from "@/components/shell/sign-out";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

type SignInButtonProps = {
  /** Where to go afterwards: a path of the console. */
  to: string;
  /** Told to the provider, which may fill it in. */
  loginHint?: string;
};

/** Goes to the identity provider. */
export function SignInButton({ to, loginHint }: SignInButtonProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);

  async function start() {
    setBusy(true);
    setFailed(false);
    try {
      const hint = loginHint === undefined ? "" : `?login_hint=${encodeURIComponent(loginHint)}`;
      window.location.assign(await postAuth(`/api/auth/signin/oidc${hint}`, { callbackUrl: to }));
    } catch {
      setBusy(false);
      setFailed(true);
    }
  }

  return (
    <div className="flex flex-col gap-3">
      {failed ? <Callout tone="deny">The console cannot be reached. Try again.</Callout> : null}
      <Button variant="primary" busy={busy} onClick={start} className="h-10 w-full">
        Continue with single sign-on
      </Button>
    </div>
  );
}

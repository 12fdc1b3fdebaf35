"use client";

import { useMutation } from "@tanstack/react-query";
import { requestJson } from "@/components/shell/request-json";
import { Callout } from "@/components/ui/callout";
import { formatCount } from "@/components/ui/format-time";
import type { ConnectionTrial } from "@/lib/upstream/try-connection";
import { formatServerVersion } from "./database-rows";

/** `run` answers whether the connection works; the answer itself is in `trial`. */
export function useConnectionTest() {
  const { mutateAsync, data, error, isPending, reset } = useMutation({
    mutationFn: (url: string) => requestJson<ConnectionTrial>("/api/databases/test", { method: "POST", body: { url } }),
  });
  return {
    run: (url: string) =>
      mutateAsync(url).then(
        (trial) => trial.ok,
        () => false,
      ),
    trial: data,
    error: error?.message ?? null,
    busy: isPending,
    reset,
  };
}

/** What the login found, or exactly what went wrong and where to look. */
export function ConnectionTest({ test }: { test: ReturnType<typeof useConnectionTest> }) {
  const { trial, error } = test;
  return (
    <div aria-live="polite">
      {error ? <Callout tone="deny">{error}</Callout> : null}
      {trial?.ok === false ? (
        <Callout tone="deny" title={trial.code === null ? trial.error : `${trial.error} (${trial.code})`}>
          {trial.advice}
        </Callout>
      ) : null}
      {trial?.ok ? (
        <Callout
          tone={trial.superuser ? "hold" : "allow"}
          title={`Connected to ${trial.databaseName} as ${trial.login} in ${trial.durationMs} ms`}
        >
          {formatServerVersion(trial.serverVersion)}, {formatCount(trial.readable)} relations can be read,{" "}
          {trial.tls ? "over TLS" : "without TLS"}.
          {trial.superuser ? " This login is a superuser: every statement that is allowed runs with all rights." : ""}
        </Callout>
      ) : null}
    </div>
  );
}

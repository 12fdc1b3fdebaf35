"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useChange } from "@/components/forms/use-change";
import { requestJson } from "@/components/shell/request-json";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { useNow } from "@/components/ui/clock";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { Skeleton } from "@/components/ui/skeleton";
import type { BrokerPlace } from "./identities-view";
import { type TokenRow, tokenState } from "./identity-rows";
import { IssueToken } from "./issue-token";
import { PanelPart } from "./panel-part";
import { TokenStateBadge } from "./state-badges";

type TokenListProps = {
  /** what the principal is called when it logs in */
  name: string;
  /** `agent/NAME` or `person/EMAIL` */
  principal: string;
  mayIssue: boolean;
  broker: BrokerPlace;
};

/** A principal's tokens, live ones first, and a way to make and end them. */
export function TokenList({ name, principal, mayIssue, broker }: TokenListProps) {
  const [issuing, setIssuing] = useState(false);
  const [all, setAll] = useState(false);
  const client = useQueryClient();
  const now = useNow();
  const queryKey = ["tokens", principal];
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => requestJson<TokenRow[]>(`/api/tokens?${new URLSearchParams({ principal })}`, { signal }),
  });
  const changed = () => client.invalidateQueries({ queryKey });
  const live = data?.filter((token) => tokenState(token, now) === "live") ?? [];
  const ended = (data?.length ?? 0) - live.length;
  const shown = all ? (data ?? []) : live;
  return (
    <PanelPart
      title="Tokens"
      actions={
        mayIssue ? (
          <Button size="sm" onClick={() => setIssuing(true)}>
            <KeyRound aria-hidden /> Issue token
          </Button>
        ) : null
      }
    >
      {error ? <Callout tone="deny">{error.message}</Callout> : null}
      {data === undefined && !error ? <Skeleton className="h-12" /> : null}
      {data !== undefined && live.length === 0 ? (
        <p className="text-xs text-ink-muted">No live token, so no login to a database.</p>
      ) : null}
      <ul>
        {shown.map((token) => (
          <TokenLine key={token.id} token={token} name={name} now={now} onRevoked={changed} />
        ))}
      </ul>
      {ended > 0 ? (
        <Button variant="quiet" size="sm" className="-ml-2.5" onClick={() => setAll(!all)}>
          {all ? "Hide those that ended" : `Show ${ended} that ended`}
        </Button>
      ) : null}
      {issuing ? (
        <IssueToken
          name={name}
          principal={principal}
          broker={broker}
          onIssued={changed}
          onClose={() => setIssuing(false)}
        />
      ) : null}
    </PanelPart>
  );
}

type TokenLineProps = { token: TokenRow; name: string; now: number; onRevoked: () => void };

function TokenLine({ token, name, now, onRevoked }: TokenLineProps) {
  const [asking, setAsking] = useState(false);
  const { run } = useChange();
  const live = tokenState(token, now) === "live";
  return (
    <li className="flex items-start gap-3 border-b border-line py-2 last:border-b-0">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <code className="text-xs">cst_…{token.hint}</code>
          <TokenStateBadge token={token} now={now} />
        </div>
        <p className="mt-0.5 text-xs text-ink-muted">
          {token.lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              used <RelativeTime at={token.lastUsedAt} />
            </>
          )}
          {" · "}
          {token.expiresAt === null ? (
            "does not expire"
          ) : (
            <>
              {Date.parse(token.expiresAt) > now ? "expires" : "expired"} <RelativeTime at={token.expiresAt} />
            </>
          )}
        </p>
        <p className="text-xs text-ink-faint">
          issued <RelativeTime at={token.createdAt} />
          {token.issuedBy === null ? "" : ` by ${token.issuedBy}`}
        </p>
      </div>
      {live ? (
        <Button size="sm" onClick={() => setAsking(true)}>
          Revoke
        </Button>
      ) : null}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={`Revoke the token …${token.hint} of ${name}?`}
        description="Sessions that it opened end within two seconds. It cannot be brought back; issue a new one instead."
        action={`Revoke …${token.hint}`}
        onConfirm={async () => {
          await run({ path: `/api/tokens/${token.id}/revoke` });
          onRevoked();
        }}
      />
    </li>
  );
}

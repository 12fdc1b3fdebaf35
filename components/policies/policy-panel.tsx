"use client";

import { ArrowUpRight, Pencil } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Copyable } from "@/components/ui/copyable";
import { Facts } from "@/components/ui/facts";
import { formatDuration } from "@/components/ui/format-time";
import { SidePanel } from "@/components/ui/side-panel";
import { CedarText } from "./cedar-text";
import { EffectBadge } from "./policy-badges";
import type { PolicyRow } from "./policy-rows";
import { Hits } from "./policy-table";

type PolicyPanelProps = { policy: PolicyRow; mayWrite: boolean; onClose: () => void };

/** One policy as it is written, what it demands, and what it did lately. */
export function PolicyPanel({ policy, mayWrite, onClose }: PolicyPanelProps) {
  const edit = `/policies/edit?${new URLSearchParams({ file: policy.file, line: String(policy.line) })}`;
  return (
    <SidePanel
      label={`Policy ${policy.id}`}
      onClose={onClose}
      title={
        <div className="flex items-center gap-2.5">
          <EffectBadge policy={policy} />
          <h2 className="truncate text-sm font-semibold">{policy.id}</h2>
        </div>
      }
      actions={
        mayWrite ? (
          <Button asChild size="sm">
            <Link href={edit}>
              <Pencil aria-hidden /> Edit
            </Link>
          </Button>
        ) : null
      }
    >
      <div className="flex flex-col divide-y divide-line">
        <section className="p-4">
          <CodeBlock value={policy.text} label="Copy policy" wrap>
            <CedarText text={policy.text} />
          </CodeBlock>
          <p className="mt-1.5 text-xs text-ink-faint">
            {policy.file}, line {policy.line}
          </p>
        </section>
        <section className="px-4 py-3">
          <PolicyFacts policy={policy} />
        </section>
        <section className="px-4 py-3">
          <h3 className="overline-label mb-2">The last seven days</h3>
          <Hits hits={policy.hits} />
          <Link
            href={`/feed?q=${encodeURIComponent(`policy:${policy.id}`)}`}
            className="mt-1 flex w-fit items-center gap-0.5 text-xs font-medium text-accent underline-offset-2 hover:underline"
          >
            Statements that it decided <ArrowUpRight className="size-3.5" aria-hidden />
          </Link>
        </section>
      </div>
    </SidePanel>
  );
}

function PolicyFacts({ policy }: { policy: PolicyRow }) {
  const { hold, reason, mode, budget } = policy.settings;
  return (
    <Facts
      facts={[
        { label: "Id", value: <Copyable value={policy.id} /> },
        { label: "Who", value: policy.appliesTo.principal },
        { label: "Does what", value: policy.appliesTo.action },
        { label: "To what", value: policy.appliesTo.resource },
        { label: "Reason", value: reason },
        { label: "Budget", value: budget && `of ${budget}` },
        { label: "Mode", value: mode === "enforce" ? null : mode },
        {
          label: "Reviewers",
          value: hold && `${hold.quorum} of ${hold.group}${hold.also ? `, 1 of ${hold.also}` : ""}`,
        },
        { label: "Client waits", value: hold && formatDuration(hold.waitSeconds * 1_000) },
        { label: "Request lives", value: hold && formatDuration(hold.expiresSeconds * 1_000) },
        {
          label: "Approval lasts",
          value: hold && (hold.lasts === "once" ? "for one statement" : formatDuration(hold.lasts * 1_000)),
        },
        { label: "Told by", value: hold?.channels.join(", ") },
        { label: "Severity", value: hold?.severity },
      ]}
    />
  );
}

"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { type RequestError, requestJson } from "@/components/shell/request-json";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import type { BundleFault } from "@/lib/policy/types";
import { BundleDiff, changesBetween, LineCounts } from "./bundle-diff";
import type { WholeVersion } from "./policy-rows";

type Activated = { version: number; previousVersion: number | null; warnings: BundleFault[] };
type ActivateVersionProps = { version: WholeVersion; active: WholeVersion | null; onClose: () => void };

const nothing = {};

/** Asks once more, with everything that would change, before a version decides for everybody. */
export function ActivateVersion({ version, active, onClose }: ActivateVersionProps) {
  const router = useRouter();
  const before = active?.files ?? nothing;
  const changes = useMemo(() => changesBetween(before, version.files), [before, version.files]);
  const { mutate, error, isPending } = useMutation<Activated, RequestError>({
    mutationFn: () =>
      requestJson(`/api/policies/${version.version}/activate`, {
        method: "POST",
        body: { expectedActive: active?.version ?? null },
      }),
    onSuccess: ({ warnings }) => {
      toast(
        warnings.length === 0
          ? `Version ${version.version} is in force`
          : `Version ${version.version} is in force, with ${warnings.length} warnings`,
      );
      router.refresh();
      onClose();
    },
  });
  const back = active !== null && version.version < active.version;
  const sum = (side: "plus" | "minus") => changes.reduce((total, change) => total + change[side], 0);
  return (
    <Dialog
      open
      width="lg"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={back ? `Roll back to version ${version.version}?` : `Activate version ${version.version}?`}
      description={`It replaces ${active === null ? "nothing" : `version ${active.version}`} within a second, for running sessions too. Approvals that wait are decided anew when they are released.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={isPending} onClick={() => mutate()}>
            {back ? `Roll back to version ${version.version}` : `Activate version ${version.version}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {error ? (
          <Callout tone="deny" title={error.message}>
            <ul>
              {error.faults.map((fault) => (
                <li key={fault} className="font-mono text-xs">
                  {fault}
                </li>
              ))}
            </ul>
          </Callout>
        ) : null}
        <p className="text-sm">
          {changes.length === 1 ? "1 file changes" : `${changes.length} files change`}:{" "}
          <LineCounts plus={sum("plus")} minus={sum("minus")} />
        </p>
        <BundleDiff before={before} after={version.files} />
      </div>
    </Dialog>
  );
}

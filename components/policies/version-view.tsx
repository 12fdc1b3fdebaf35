"use client";

import { Pencil, RotateCcw } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import { useMay } from "@/components/shell/viewer";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Segments } from "@/components/ui/segments";
import { ActivateVersion } from "./activate-version";
import { BundleDiff, changesBetween } from "./bundle-diff";
import { FaultList } from "./fault-list";
import type { WholeVersion } from "./policy-rows";
import { useValidation } from "./use-validation";
import { VersionFiles } from "./version-files";
import { VersionStatus } from "./version-status";

const nothing = {};

/** One version: how it differs from the one in force, what it holds, and the way to put it in force. */
export function VersionView({ version, active }: { version: WholeVersion; active: WholeVersion | null }) {
  const mayWrite = useMay("policy.write");
  const inForce = version.status === "active";
  const [view, setView] = useState<"changes" | "files">(inForce ? "files" : "changes");
  const [asking, setAsking] = useState(false);
  const before = active?.files ?? nothing;
  const changed = useMemo(() => changesBetween(before, version.files).length, [before, version.files]);
  const { faults } = useValidation(version.files, mayWrite && !inForce);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={`Version ${version.version}`}
        badge={<VersionStatus status={version.status} />}
        description={version.note || "No note was left."}
        actions={<VersionActions version={version} onActivate={() => setAsking(true)} />}
      />
      <div className="min-h-0 flex-1 overflow-y-auto border-t border-line bg-surface px-6 py-4">
        <VersionFacts version={version} />
        {faults.length > 0 ? <FaultList faults={faults} className="mt-4 rounded-md border border-line py-1" /> : null}
        <div className="mt-5 mb-3">
          <Segments
            label="Shown"
            value={view}
            onChange={setView}
            segments={[
              {
                value: "changes",
                label: active === null ? "All lines" : `Changes against version ${active.version}`,
                count: changed,
              },
              { value: "files", label: "Files", count: version.fileNames.length },
            ]}
          />
        </div>
        {view === "changes" ? (
          <BundleDiff before={before} after={version.files} />
        ) : (
          <VersionFiles files={version.files} />
        )}
      </div>
      {asking ? <ActivateVersion version={version} active={active} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function VersionFacts({ version }: { version: WholeVersion }) {
  const { author, createdAt, activatedAt, activatedBy } = version;
  return (
    <p className="text-sm text-ink-muted">
      Saved <RelativeTime at={createdAt} /> by {author ?? "the system"}.{" "}
      {activatedAt === null ? (
        "It was never in force."
      ) : (
        <>
          Activated <RelativeTime at={activatedAt} /> by {activatedBy ?? "the system"}.
        </>
      )}
    </p>
  );
}

function VersionActions({ version, onActivate }: { version: WholeVersion; onActivate: () => void }) {
  const mayWrite = useMay("policy.write");
  const mayActivate = useMay("policy.activate");
  const retired = version.status === "retired";
  return (
    <>
      {mayWrite ? (
        <Button asChild>
          <Link href={`/policies/edit?version=${version.version}`}>
            <Pencil aria-hidden /> Edit from here
          </Link>
        </Button>
      ) : null}
      {mayActivate && version.status !== "active" ? (
        <Button variant="primary" onClick={onActivate}>
          {retired ? <RotateCcw aria-hidden /> : null} {retired ? "Roll back to this version" : "Activate"}
        </Button>
      ) : null}
    </>
  );
}

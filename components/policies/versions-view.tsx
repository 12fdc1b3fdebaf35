"use client";

import { History } from "lucide-react";
import Link from "next/link";
import { useMay } from "@/components/shell/viewer";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { PoliciesHeader } from "./policies-header";
import type { VersionRow } from "./policy-rows";
import { VersionStatus } from "./version-status";

/** Every version of the bundle: who wrote it, why, and when it was in force. */
export function VersionsView({ versions, policies }: { versions: VersionRow[]; policies: number }) {
  const mayWrite = useMay("policy.write");
  const active = versions.find(({ status }) => status === "active")?.version ?? null;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PoliciesHeader
        tab="versions"
        active={active}
        policies={policies}
        versions={versions.length}
        mayWrite={mayWrite}
      />
      <div className="flex min-h-0 flex-1 bg-surface">
        {versions.length === 0 ? (
          <div className="flex-1">
            <EmptyState icon={History} title="No version yet" command="npx countersign apply policies">
              Each save makes a version. One of them is in force; every older one can be put in force again.
            </EmptyState>
          </div>
        ) : (
          <VersionTable versions={versions} />
        )}
      </div>
    </div>
  );
}

function VersionTable({ versions }: { versions: VersionRow[] }) {
  return (
    <Table label="Versions" scrollClassName="flex-1">
      <thead>
        <tr>
          <Th>Version</Th>
          <Th>Status</Th>
          <Th className="w-full">What changed</Th>
          <Th>Author</Th>
          <Th>Saved</Th>
          <Th>Activated by</Th>
          <Th>Activated</Th>
          <Th align="end">Files</Th>
        </tr>
      </thead>
      <tbody>
        {versions.map((version) => (
          <Tr key={version.version} interactive className="relative">
            <Td>
              <Link
                href={`/policies/versions/${version.version}`}
                className="numeric font-medium whitespace-nowrap text-accent underline-offset-2 after:absolute after:inset-0 hover:underline"
              >
                Version {version.version}
              </Link>
            </Td>
            <Td>
              <VersionStatus status={version.status} />
            </Td>
            <Td truncate className={version.note === "" ? "text-ink-faint" : undefined}>
              {version.note || "no note"}
            </Td>
            <Td className="whitespace-nowrap text-ink-muted">{version.author ?? "system"}</Td>
            <Td className="text-ink-muted">
              <RelativeTime at={version.createdAt} />
            </Td>
            <Td className="whitespace-nowrap text-ink-muted">
              {version.activatedBy ?? (version.activatedAt === null ? "" : "system")}
            </Td>
            <Td className="text-ink-muted">
              {version.activatedAt === null ? null : <RelativeTime at={version.activatedAt} />}
            </Td>
            <Td align="end" numeric>
              {version.fileNames.length}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

"use client";

import { FileCheck2 } from "lucide-react";
import { useMemo } from "react";
import { useAddress } from "@/components/forms/use-address";
import { useMay } from "@/components/shell/viewer";
import { EmptyState } from "@/components/ui/empty-state";
import { FaultList } from "./fault-list";
import { FileTree } from "./file-tree";
import { PoliciesHeader } from "./policies-header";
import { PolicyPanel } from "./policy-panel";
import type { ActiveBundle } from "./policy-rows";
import { PolicyTable } from "./policy-table";

/** The bundle in force: its files, its policies, and how often each decided. */
export function PoliciesView({ active, versions }: { active: ActiveBundle; versions: number }) {
  const mayWrite = useMay("policy.write");
  const [selected, select] = useAddress("policy");
  const [file, setFile] = useAddress("file");
  const { policies, files, faults, version } = active;
  const shown = useMemo(
    () => (file === null ? policies : policies.filter((policy) => policy.file === file)),
    [policies, file],
  );
  const counts = useMemo(() => countByFile(policies), [policies]);
  const policy = policies.find(({ id }) => id === selected);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <PoliciesHeader
        tab="policies"
        active={version?.version ?? null}
        policies={policies.length}
        versions={versions}
        mayWrite={mayWrite}
      />
      {faults.length > 0 ? <FaultList faults={faults} className="max-h-40 border-b border-line bg-surface" /> : null}
      <div className="relative flex min-h-0 flex-1 bg-surface">
        {version === null ? (
          <div className="flex-1">
            <EmptyState icon={FileCheck2} title="Nothing is permitted yet" command="npx countersign apply policies">
              Without a bundle in force every statement is denied. Begin with the example and edit it here.
            </EmptyState>
          </div>
        ) : (
          <>
            <div className="w-56 shrink-0 overflow-y-auto border-r border-line p-2 max-md:hidden">
              <FileTree
                files={files.map((name) => ({ name, note: counts.get(name) }))}
                selected={file}
                onSelect={(name) => setFile(name === file ? null : name)}
                all={{ label: "All files", onSelect: () => setFile(null) }}
              />
            </div>
            <PolicyTable policies={shown} file={file} selected={selected} onSelect={select} />
          </>
        )}
        {policy === undefined ? null : (
          <PolicyPanel key={policy.id} policy={policy} mayWrite={mayWrite} onClose={() => select(null)} />
        )}
      </div>
    </div>
  );
}

function countByFile(policies: { file: string }[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const { file } of policies) counts.set(file, (counts.get(file) ?? 0) + 1);
  return new Map([...counts].map(([file, count]) => [file, String(count)]));
}

"use client";

import { FlaskConical, Save } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useMemo, useState } from "react";
import { useAddress } from "@/components/forms/use-address";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { BundleFault } from "@/lib/policy/types";
import { EditorFiles } from "./editor-files";
import { EditorResults, useBundleTests } from "./editor-results";
import type { WholeVersion } from "./policy-rows";
import { SaveDraft } from "./save-draft";
import { useDraft } from "./use-draft";
import { useValidation } from "./use-validation";

const CodeEditor = dynamic(() => import("./code-editor"), {
  ssr: false,
  loading: () => <Skeleton className="m-4 h-64" />,
});

const noFiles = {};

type BundleEditorProps = {
  /** where the work begins; null: from nothing */
  base: WholeVersion | null;
  /** in force */
  active: number | null;
};

/** The bundle as files: what is typed is checked at once, tested on demand, and kept as a draft. */
export function BundleEditor({ base, active }: BundleEditorProps) {
  const draft = useDraft(base?.files ?? noFiles);
  const [wanted, setFile] = useAddress("file");
  const [line] = useAddress("line");
  const names = Object.keys(draft.files);
  const file = wanted !== null && wanted in draft.files ? wanted : (names.sort()[0] ?? null);
  const [goTo, setGoTo] = useState(line === null ? null : { line: Number(line) });
  const [saving, setSaving] = useState(false);
  const validation = useValidation(draft.files, names.length > 0);
  const tests = useBundleTests();
  const faults = useMemo(() => validation.faults.filter((fault) => fault.file === file), [validation.faults, file]);
  const wrong = validation.faults.some(({ severity }) => severity === "error");

  function open(name: string, at: number | null = null) {
    setFile(name);
    setGoTo(at === null ? null : { line: at });
  }
  const openFault = (fault: BundleFault) => (fault.file in draft.files ? open(fault.file, fault.line ?? 1) : undefined);

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Edit policies"
        description={<Beginning version={base?.version ?? null} active={active} />}
        actions={
          <>
            <Button busy={tests.busy} disabled={wrong || names.length === 0} onClick={() => tests.run(draft.files)}>
              {tests.busy ? null : <FlaskConical aria-hidden />} Run tests
            </Button>
            <Button variant="primary" disabled={!draft.dirty} onClick={() => setSaving(true)}>
              <Save aria-hidden /> Save draft
            </Button>
          </>
        }
      />
      <div className="flex min-h-0 flex-1 border-t border-line bg-surface">
        <EditorFiles draft={draft} faults={validation.faults} selected={file} onSelect={open} />
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="min-h-0 flex-1">
            {file === null ? null : (
              <CodeEditor
                key={file}
                file={file}
                text={draft.files[file] ?? ""}
                onChange={(text) => draft.write(file, text)}
                faults={faults}
                readOnly={false}
                goTo={goTo}
              />
            )}
          </div>
          <EditorResults validation={validation} tests={tests} onFault={openFault} onTest={open} />
        </div>
      </div>
      {saving ? (
        <SaveDraft files={draft.files} changed={[...draft.changed]} faulty={wrong} onClose={() => setSaving(false)} />
      ) : null}
    </div>
  );
}

function Beginning({ version, active }: { version: number | null; active: number | null }) {
  return (
    <>
      Begins with version {version ?? "none"}
      {version !== null && version === active ? ", the one in force" : ""}. Nothing counts before a version is
      activated.{" "}
      <Link href="/policies" className="text-accent underline underline-offset-2">
        Back to the policies
      </Link>
    </>
  );
}

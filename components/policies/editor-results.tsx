"use client";

import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Loader2, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { requestJson } from "@/components/shell/request-json";
import { Segments } from "@/components/ui/segments";
import type { BundleTestResult } from "@/lib/policy/run-tests";
import type { BundleFault, BundleFiles } from "@/lib/policy/types";
import { FaultList } from "./fault-list";
import { TestResults } from "./test-results";
import type { ValidationState } from "./use-validation";

/** Runs the tests of a bundle in work. */
export function useBundleTests() {
  const { mutate, data, error, isPending, submittedAt } = useMutation({
    mutationFn: (files: BundleFiles) =>
      requestJson<{ results: BundleTestResult[] }>("/api/policies/test", { method: "POST", body: { files } }),
  });
  return { run: mutate, results: data?.results, error: error?.message ?? null, busy: isPending, at: submittedAt };
}

type EditorResultsProps = {
  validation: ValidationState;
  tests: ReturnType<typeof useBundleTests>;
  onFault: (fault: BundleFault) => void;
  onTest: (file: string, line: number) => void;
};

/** Under the editor: what is wrong, and what the tests came to. */
export function EditorResults({ validation, tests, onFault, onTest }: EditorResultsProps) {
  const [chosen, setChosen] = useState<{ view: "problems" | "tests"; at: number } | null>(null);
  // A new run of the tests shows itself, until something else is chosen.
  const view = chosen !== null && chosen.at >= tests.at ? chosen.view : tests.at > 0 ? "tests" : "problems";
  const failed = tests.results?.filter(({ passed }) => !passed).length;
  return (
    <section aria-label="Results" className="flex h-44 shrink-0 flex-col border-t border-line">
      <div className="flex items-center gap-3 border-b border-line px-3 py-1.5">
        <Segments
          label="Results"
          value={view}
          onChange={(next) => setChosen({ view: next, at: Date.now() })}
          segments={[
            { value: "problems", label: "Problems", count: validation.faults.length },
            { value: "tests", label: "Tests", count: tests.results?.length },
          ]}
        />
        <div role="status" className="text-xs text-ink-muted">
          {view === "problems" ? (
            <ValidationWord validation={validation} />
          ) : (
            <TestsWord failed={failed} tests={tests} />
          )}
        </div>
      </div>
      {view === "problems" ? (
        <FaultList faults={validation.faults} onSelect={onFault} className="min-h-0 flex-1 py-1" />
      ) : (
        <TestResults results={tests.results ?? []} onSelect={onTest} className="min-h-0 flex-1 py-1" />
      )}
    </section>
  );
}

function ValidationWord({ validation }: { validation: ValidationState }) {
  if (validation.state === "checking")
    return <Word icon={<Loader2 className="size-3.5 animate-spin" />}>Checking…</Word>;
  if (validation.state === "failed") {
    return <Word icon={<CircleAlert className="size-3.5 text-deny" />}>{validation.error}</Word>;
  }
  const errors = validation.faults.filter(({ severity }) => severity === "error").length;
  if (errors > 0) {
    return <Word icon={<CircleAlert className="size-3.5 text-deny" />}>It cannot be activated like this.</Word>;
  }
  return validation.faults.length > 0 ? (
    <Word icon={<TriangleAlert className="size-3.5 text-hold" />}>It can be activated.</Word>
  ) : (
    <Word icon={<CircleCheck className="size-3.5 text-allow" />}>No problem: it can be activated.</Word>
  );
}

function TestsWord({ failed, tests }: { failed: number | undefined; tests: EditorResultsProps["tests"] }) {
  if (tests.busy) return <Word icon={<Loader2 className="size-3.5 animate-spin" />}>Running…</Word>;
  if (tests.error) return <Word icon={<CircleAlert className="size-3.5 text-deny" />}>{tests.error}</Word>;
  if (failed === undefined) return <Word icon={null}>Not run yet.</Word>;
  if (tests.results?.length === 0) return <Word icon={null}>The bundle has no tests: add tests/NAME.yaml.</Word>;
  return failed === 0 ? (
    <Word icon={<CircleCheck className="size-3.5 text-allow" />}>All passed.</Word>
  ) : (
    <Word icon={<CircleAlert className="size-3.5 text-deny" />}>{failed} failed.</Word>
  );
}

function Word({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {icon} {children}
    </span>
  );
}

import { clsx } from "clsx";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { BundleTestResult } from "@/lib/policy/run-tests";

type TestResultsProps = {
  results: BundleTestResult[];
  onSelect: (file: string, line: number) => void;
  className?: string;
};

/** What each test of the bundle came to, those that failed first. */
export function TestResults({ results, onSelect, className }: TestResultsProps) {
  const ordered = [...results.filter(({ passed }) => !passed), ...results.filter(({ passed }) => passed)];
  return (
    <ul className={clsx("overflow-y-auto", className)}>
      {ordered.map((result) => (
        <li key={`${result.file}:${result.line}:${result.name}`}>
          <button
            type="button"
            onClick={() => onSelect(result.file, result.line ?? 1)}
            className="flex w-full items-start gap-2 px-4 py-1.5 text-left text-xs hover:bg-hover"
          >
            {result.passed ? (
              <CircleCheck className="mt-0.5 size-3.5 shrink-0 text-allow" aria-label="Passed" />
            ) : (
              <CircleAlert className="mt-0.5 size-3.5 shrink-0 text-deny" aria-label="Failed" />
            )}
            <span className="min-w-0 flex-1">
              {result.name}
              {result.messages.map((message) => (
                <span key={message} className="block text-deny">
                  {message}
                </span>
              ))}
            </span>
            <span className="shrink-0 font-mono text-2xs text-ink-faint">
              {[result.file, result.line].filter(Boolean).join(":")}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

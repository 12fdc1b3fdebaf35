import { clsx } from "clsx";
import { useMemo } from "react";
import type { BundleFiles } from "@/lib/policy/types";
import { type DiffHunk, diffHunks, diffLines } from "./diff-lines";

export type FileChange = {
  file: string;
  kind: "added" | "removed" | "changed";
  hunks: DiffHunk[];
  plus: number;
  minus: number;
};

/** The files that differ, with the lines that do. */
export function changesBetween(before: BundleFiles, after: BundleFiles): FileChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((file) => before[file] !== after[file])
    .map((file) => {
      const lines = diffLines(before[file] ?? "", after[file] ?? "");
      return {
        file,
        kind: file in before ? (file in after ? "changed" : "removed") : "added",
        hunks: diffHunks(lines),
        plus: lines.filter(({ kind }) => kind === "added").length,
        minus: lines.filter(({ kind }) => kind === "removed").length,
      };
    });
}

/** What would change, file by file. */
export function BundleDiff({ before, after }: { before: BundleFiles; after: BundleFiles }) {
  const changes = useMemo(() => changesBetween(before, after), [before, after]);
  if (changes.length === 0) return <p className="text-sm text-ink-muted">Nothing differs.</p>;
  return (
    <div className="flex flex-col gap-4">
      {changes.map((change) => (
        <FileDiff key={change.file} change={change} />
      ))}
    </div>
  );
}

function FileDiff({ change }: { change: FileChange }) {
  return (
    <section className="min-w-0 overflow-hidden rounded-md border border-line bg-surface">
      <header className="flex items-center gap-3 border-b border-line bg-sunken px-3 py-1.5 text-xs">
        <h3 className="flex-1 truncate font-mono font-medium">{change.file}</h3>
        {change.kind === "changed" ? null : <span className="text-ink-muted">{change.kind}</span>}
        <LineCounts plus={change.plus} minus={change.minus} />
      </header>
      <div className="overflow-x-auto">
        <table className="w-full border-separate border-spacing-0 font-mono text-xs leading-5">
          <caption className="sr-only">Lines of {change.file} that differ</caption>
          <tbody>
            {change.hunks.map((hunk, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the difference of two texts never changes
              <Hunk key={index} hunk={hunk} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Lines put in and taken out. */
export function LineCounts({ plus, minus }: { plus: number; minus: number }) {
  return (
    <span className="numeric text-xs whitespace-nowrap">
      <span className="text-allow">+{plus}</span> <span className="text-deny">−{minus}</span>
    </span>
  );
}

const looks = {
  same: { row: "", sign: " ", word: "" },
  added: { row: "bg-allow-soft", sign: "+", word: "added: " },
  removed: { row: "bg-deny-soft", sign: "−", word: "removed: " },
};

function Hunk({ hunk }: { hunk: DiffHunk }) {
  if ("skipped" in hunk) {
    return (
      <tr>
        <td colSpan={4} className="bg-sunken px-3 font-sans text-ink-faint">
          {hunk.skipped === 1 ? "1 line" : `${hunk.skipped} lines`} alike
        </td>
      </tr>
    );
  }
  return hunk.lines.map((line, index) => {
    const look = looks[line.kind];
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the difference of two texts never changes
      <tr key={index} className={look.row}>
        <LineNumber value={line.before} />
        <LineNumber value={line.after} />
        <td
          className={clsx("w-5 min-w-5 text-center select-none", line.kind === "removed" ? "text-deny" : "text-allow")}
          aria-hidden
        >
          {look.sign}
        </td>
        <td className="pr-3 whitespace-pre">
          <span className="sr-only">{look.word}</span>
          <code>{line.text}</code>
        </td>
      </tr>
    );
  });
}

function LineNumber({ value }: { value: number | null }) {
  return <td className="numeric w-10 min-w-10 pr-2 text-right text-ink-faint select-none">{value}</td>;
}

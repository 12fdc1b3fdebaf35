"use client";

import { clsx } from "clsx";
import { CircleAlert, TriangleAlert } from "lucide-react";
import type { BundleFault } from "@/lib/policy/types";

type FaultListProps = {
  faults: BundleFault[];
  /** goes to where the fault is */
  onSelect?: (fault: BundleFault) => void;
  className?: string;
};

/** What is wrong with a bundle, by file and line. */
export function FaultList({ faults, onSelect, className }: FaultListProps) {
  return (
    <ul className={clsx("overflow-y-auto", className)}>
      {faults.map((fault, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two faults of a line may read the same
        <li key={index}>
          <FaultLine fault={fault} onSelect={onSelect} />
        </li>
      ))}
    </ul>
  );
}

function FaultLine({ fault, onSelect }: { fault: BundleFault; onSelect?: (fault: BundleFault) => void }) {
  const wrong = fault.severity === "error";
  const Icon = wrong ? CircleAlert : TriangleAlert;
  const content = (
    <>
      <Icon
        className={clsx("mt-0.5 size-3.5 shrink-0", wrong ? "text-deny" : "text-hold")}
        aria-label={wrong ? "Error" : "Warning"}
      />
      <span className="min-w-0 flex-1 wrap-anywhere">{fault.message}</span>
      <span className="shrink-0 font-mono text-2xs text-ink-faint">
        {[fault.file, fault.line].filter(Boolean).join(":")}
      </span>
    </>
  );
  const look = "flex w-full items-start gap-2 px-4 py-1.5 text-left text-xs";
  if (onSelect === undefined) return <div className={look}>{content}</div>;
  return (
    <button type="button" onClick={() => onSelect(fault)} className={clsx(look, "hover:bg-hover")}>
      {content}
    </button>
  );
}

import { clsx } from "clsx";
import type { ReactNode } from "react";

export type Segment<Value extends string> = { value: Value; label: ReactNode; count?: number };

type SegmentsProps<Value extends string> = {
  label: string;
  segments: Segment<Value>[];
  value: Value;
  onChange: (value: Value) => void;
};

/** One of a few views of the same list, with their counts. */
export function Segments<Value extends string>({ label, segments, value, onChange }: SegmentsProps<Value>) {
  return (
    <fieldset className="inline-flex h-8 shrink-0 items-center rounded-md border border-line-strong/70 bg-surface p-0.5">
      <legend className="sr-only">{label}</legend>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          onClick={() => onChange(segment.value)}
          className={clsx(
            "inline-flex h-6.5 items-center gap-1.5 rounded-sm px-2.5 text-xs font-medium transition-colors duration-100",
            segment.value === value ? "bg-selected text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
          )}
        >
          {segment.label}
          {segment.count === undefined ? null : (
            <span className="numeric text-ink-faint">{segment.count.toLocaleString("en-US")}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}

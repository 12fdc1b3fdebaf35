import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

type CheckboxProps = Omit<ComponentProps<"input">, "type" | "children"> & {
  label: ReactNode;
  hint?: ReactNode;
  /** The label is for screen readers only, as in a table's first column. */
  labelHidden?: boolean;
};

/** A checkbox with its label; the whole line is the target. */
export function Checkbox({ label, hint, labelHidden, className, ...props }: CheckboxProps) {
  return (
    <label
      className={clsx(
        "inline-flex min-h-6 items-start gap-2 text-sm has-disabled:text-ink-faint",
        labelHidden && "min-w-6 justify-center",
        className,
      )}
    >
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 rounded-sm" {...props} />
      {labelHidden ? (
        <span className="sr-only">{label}</span>
      ) : (
        <span>
          {label}
          {hint ? <span className="block text-xs text-ink-muted">{hint}</span> : null}
        </span>
      )}
    </label>
  );
}

import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** Shared look of everything one can type into or choose from. */
export const controlClass =
  "w-full rounded-md border border-line-strong/70 bg-surface px-2.5 text-sm text-ink placeholder:text-ink-faint transition-colors duration-100 hover:border-line-strong focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-faint aria-invalid:border-deny";

type InputProps = ComponentProps<"input"> & {
  /** Identifiers, SQL and the like. */
  mono?: boolean;
};

/** A text field, 32 px high. Put it in a Field for label, hint and error. */
export function Input({ mono, className, ...props }: InputProps) {
  return <input className={clsx(controlClass, "h-8", mono && "font-mono", className)} {...props} />;
}

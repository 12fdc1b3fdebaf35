import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { controlClass } from "./input";

/**
 * The browser's own select: keyboard, screen readers and touch for nothing.
 *
 *     <Select value={role} onChange={(event) => setRole(event.target.value)}>
 *       <option value="reviewer">Reviewer</option>
 *     </Select>
 */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={clsx("relative inline-flex w-full", className)}>
      <select className={clsx(controlClass, "h-8 appearance-none pr-8")} {...props}>
        {children}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-ink-faint"
        aria-hidden
      />
    </span>
  );
}

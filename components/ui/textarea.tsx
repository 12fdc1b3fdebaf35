import { clsx } from "clsx";
import type { ComponentProps } from "react";
import { controlClass } from "./input";

type TextareaProps = ComponentProps<"textarea"> & { mono?: boolean };

/** Several lines of text; grows with its content where the browser can. */
export function Textarea({ mono, className, rows = 3, ...props }: TextareaProps) {
  return (
    <textarea
      rows={rows}
      className={clsx(controlClass, "field-sizing-content max-h-80 min-h-16 py-1.5", mono && "font-mono", className)}
      {...props}
    />
  );
}

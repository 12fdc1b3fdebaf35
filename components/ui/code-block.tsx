import { clsx } from "clsx";
import type { ReactNode } from "react";
import { CopyButton } from "./copyable";

type CodeBlockProps = {
  /** What the copy button copies. */
  value: string;
  /** Highlighted content; by default the value as it is. */
  children?: ReactNode;
  label?: string;
  /** Long lines wrap instead of scrolling. */
  wrap?: boolean;
  className?: string;
};

/** Text in the monospace face on a sunken surface, with a copy button. */
export function CodeBlock({ value, children, label = "Copy", wrap, className }: CodeBlockProps) {
  return (
    <div className={clsx("group/code relative rounded-md border border-line bg-sunken", className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className={clsx(
          "max-h-[28rem] overflow-auto py-2.5 pr-10 pl-3 text-xs leading-5 outline-offset-[-2px]",
          wrap && "wrap-anywhere whitespace-pre-wrap",
        )}
      >
        <code>{children ?? value}</code>
      </pre>
      <div className="absolute top-1.5 right-1.5 rounded-sm bg-sunken">
        <CopyButton value={value} label={label} />
      </div>
    </div>
  );
}

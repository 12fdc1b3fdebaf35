import { clsx } from "clsx";

/** Keys to press, one after the other: `<Kbd keys={["g", "f"]} />`. */
export function Kbd({ keys, className }: { keys: string[]; className?: string }) {
  return (
    <span className={clsx("inline-flex items-center gap-0.5", className)}>
      {keys.map((key) => (
        <kbd
          key={key}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border border-line bg-sunken px-1 font-sans text-2xs text-ink-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}

import { ArrowRight } from "lucide-react";

/** A made-up value and what a mask makes of it. */
export function MaskedValue({ preview }: { preview: { before: string; after: string | null } }) {
  return (
    <code className="inline-flex max-w-full items-center gap-2 text-2xs">
      <span className="truncate text-ink-faint">{preview.before}</span>
      <ArrowRight className="size-3 shrink-0 text-ink-faint" aria-label="becomes" />
      <span className="truncate text-masked">{preview.after ?? "NULL"}</span>
    </code>
  );
}

import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export type BadgeTone = "neutral" | "accent" | "allow" | "hold" | "deny" | "masked";

const tones: Record<BadgeTone, string> = {
  neutral: "border-line bg-sunken text-ink-muted",
  accent: "border-transparent bg-accent-soft text-accent",
  allow: "border-allow-line bg-allow-soft text-allow",
  hold: "border-hold-line bg-hold-soft text-hold",
  deny: "border-deny-line bg-deny-soft text-deny",
  masked: "border-masked-line bg-masked-soft text-masked",
};

type BadgeProps = {
  tone?: BadgeTone;
  icon?: LucideIcon;
  /** Identifiers: labels, groups, policy ids. */
  mono?: boolean;
  title?: string;
  className?: string;
  children: ReactNode;
};

/** A short fact about a thing. The coloured tones are kept for decisions and masks; colour never stands alone. */
export function Badge({ tone = "neutral", icon: Icon, mono, title, className, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={clsx(
        "inline-flex h-5 max-w-full items-center align-middle gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap",
        mono && "font-mono text-2xs",
        tones[tone],
        className,
      )}
    >
      {Icon ? <Icon className="size-3 shrink-0" strokeWidth={2.25} aria-hidden /> : null}
      <span className="truncate">{children}</span>
    </span>
  );
}

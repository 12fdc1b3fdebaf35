import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type CalloutTone = "neutral" | "allow" | "hold" | "deny";

const tones: Record<CalloutTone, { className: string; icon: LucideIcon; iconClass: string }> = {
  neutral: { className: "border-line bg-sunken", icon: Info, iconClass: "text-ink-muted" },
  allow: { className: "border-allow-line bg-allow-soft", icon: CircleCheck, iconClass: "text-allow" },
  hold: { className: "border-hold-line bg-hold-soft", icon: TriangleAlert, iconClass: "text-hold" },
  deny: { className: "border-deny-line bg-deny-soft", icon: CircleAlert, iconClass: "text-deny" },
};

type CalloutProps = {
  tone?: CalloutTone;
  title?: ReactNode;
  icon?: LucideIcon;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
};

/** Something about the page that must not be missed: an error that keeps what was typed, a warning, a note. */
export function Callout({ tone = "neutral", title, icon, actions, className, children }: CalloutProps) {
  const look = tones[tone];
  const Icon = icon ?? look.icon;
  return (
    <div
      role={tone === "deny" ? "alert" : undefined}
      className={clsx("flex items-start gap-2.5 rounded-md border px-3 py-2 text-sm", look.className, className)}
    >
      <Icon className={clsx("mt-0.5 size-4 shrink-0", look.iconClass)} aria-hidden />
      <div className="min-w-0 flex-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className={clsx("wrap-anywhere", title && "text-ink-muted")}>{children}</div> : null}
      </div>
      {actions ? <div className="flex shrink-0 items-center gap-2">{actions}</div> : null}
    </div>
  );
}

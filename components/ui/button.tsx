import { clsx } from "clsx";
import { Loader2 } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "md" | "sm" | "icon" | "icon-sm";

const base =
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors duration-100 disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:shrink-0";

const variants: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-accent-ink hover:bg-accent-hover",
  secondary: "border-line-strong/60 bg-surface text-ink hover:bg-hover hover:border-line-strong",
  quiet: "border-transparent bg-transparent text-ink-muted hover:bg-hover hover:text-ink",
  danger: "border-transparent bg-deny-solid text-white hover:bg-deny-solid-hover",
};

const sizes: Record<ButtonSize, string> = {
  md: "h-8 px-3 text-sm [&_svg]:size-4",
  sm: "h-7 px-2.5 text-xs [&_svg]:size-3.5",
  icon: "size-8 [&_svg]:size-4",
  "icon-sm": "size-6 [&_svg]:size-3.5",
};

/** The classes of a button, for elements that cannot be one (labels, file inputs). */
export function buttonClass(variant: ButtonVariant = "secondary", size: ButtonSize = "md"): string {
  return clsx(base, variants[variant], sizes[size]);
}

type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Shows a spinner in place of the first icon and refuses clicks; the label stays, so nothing moves. */
  busy?: boolean;
  /** Renders the only child (a Link, say) with the look of a button. */
  asChild?: boolean;
};

/**
 * One primary button per view at most. Icon-only buttons (`size="icon"`) need an aria-label, and usually a Tooltip.
 *
 *     <Button variant="primary" busy={saving}>Save</Button>
 *     <Button asChild><Link href="/feed">Feed</Link></Button>
 */
export function Button({ variant = "secondary", size = "md", busy, asChild, className, ...props }: ButtonProps) {
  if (asChild) return <Slot.Root className={clsx(buttonClass(variant, size), className)} {...props} />;
  const { children, disabled, type = "button", ...rest } = props;
  return (
    <button
      type={type}
      className={clsx(buttonClass(variant, size), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <Loader2 className="animate-spin" aria-hidden /> : null}
      {children}
    </button>
  );
}

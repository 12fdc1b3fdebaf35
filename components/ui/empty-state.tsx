import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { CommandLine } from "./command-line";

type EmptyStateProps = {
  icon?: LucideIcon;
  title: ReactNode;
  /** What the page is for, in one or two sentences. */
  children?: ReactNode;
  /** The one command that fills the page. */
  command?: string;
  actions?: ReactNode;
  /** It stands for a whole page: the title is the page's heading. */
  wholePage?: boolean;
};

/** What stands in an empty list, or in the place of a page that cannot be shown. */
export function EmptyState({ icon: Icon, title, children, command, actions, wholePage }: EmptyStateProps) {
  const Title = wholePage ? "h1" : "p";
  return (
    <div className="flex flex-col items-center justify-center gap-3 px-6 py-14 text-center">
      {Icon ? <Icon className="size-6 text-ink-faint" strokeWidth={1.5} aria-hidden /> : null}
      <div className="max-w-md">
        <Title className="font-medium">{title}</Title>
        {children ? <div className="mt-1 text-sm text-ink-muted">{children}</div> : null}
      </div>
      {command ? <CommandLine command={command} /> : null}
      {actions ? <div className="flex gap-2">{actions}</div> : null}
    </div>
  );
}

import { clsx } from "clsx";
import { Bot, Cog, UserRound } from "lucide-react";

type PrincipalNameProps = {
  /** `agent/NAME`, `person/EMAIL` or `system/PART`. */
  principal: string;
  /** The agent's owner, e-mail. */
  owner?: string | null;
  className?: string;
};

const icons = { agent: Bot, person: UserRound, system: Cog };
const words = { agent: "Agent", person: "Person", system: "System" };

/** Who: a person, or an agent with the person who answers for it. Kind by icon, so that it is told at a glance. */
export function PrincipalName({ principal, owner, className }: PrincipalNameProps) {
  const slash = principal.indexOf("/");
  const kind = principal.slice(0, slash) as keyof typeof icons;
  const Icon = icons[kind] ?? Cog;
  return (
    <span className={clsx("inline-flex max-w-full min-w-0 items-center gap-1.5 align-middle", className)}>
      <Icon className="size-3.5 shrink-0 text-ink-faint" aria-hidden />
      <span className="sr-only">{words[kind] ?? "Actor"}</span>
      <span className="truncate">{slash < 0 ? principal : principal.slice(slash + 1)}</span>
      {owner ? <span className="truncate text-xs text-ink-faint">for {owner}</span> : null}
    </span>
  );
}

import { clsx } from "clsx";
import { CircleAlert, CircleCheck, type LucideIcon, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatCount } from "@/components/ui/format-time";
import { RelativeTime } from "@/components/ui/relative-time";
import type { LogState } from "@/lib/audit/log-state";

type Level = "good" | "late" | "bad";
const looks: Record<Level, { icon: LucideIcon; className: string; word: string }> = {
  good: { icon: CircleCheck, className: "text-allow", word: "in order" },
  late: { icon: TriangleAlert, className: "text-hold", word: "needs a look" },
  bad: { icon: CircleAlert, className: "text-deny", word: "out of order" },
};

export type HealthFacts = {
  processes: { id: string; at: string; alive: boolean; current: boolean | null }[];
  bundleVersion: number | null;
  databases: { name: string; error: string | null }[];
};

type HealthListProps = {
  log: LogState;
  health: HealthFacts;
  /** whether the names lead to their pages */
  linked: boolean;
};

/** Whether everything that guards the databases runs and is up to date. */
export function HealthList({ log, health, linked }: HealthListProps) {
  const to = (href: string) => (linked ? href : undefined);
  const broken = health.databases.filter((database) => database.error !== null);
  return (
    <ul className="flex flex-col py-1.5">
      <LogLine log={log} href={to("/audit")} />
      <ProcessLine name="Broker" processes={health.processes.filter(({ id }) => id.startsWith("broker/"))} />
      <ProcessLine name="Workers" processes={health.processes.filter(({ id }) => id.startsWith("workers/"))} />
      <Line name="Policies" level={health.bundleVersion === null ? "bad" : "good"} href={to("/policies")}>
        {health.bundleVersion === null
          ? "none is active: nothing is permitted"
          : `version ${health.bundleVersion} is active`}
      </Line>
      <Line name="Databases" level={broken.length > 0 ? "late" : "good"} href={to("/databases")}>
        {broken.length > 0
          ? `${broken.map(({ name }) => name).join(", ")}: catalog not read`
          : `${health.databases.length} registered`}
      </Line>
    </ul>
  );
}

const logLevels: Record<LogState["status"], Level> = { verified: "good", behind: "late", alarm: "bad", empty: "good" };

function LogLine({ log, href }: { log: LogState; href: string | undefined }) {
  return (
    <Line name="Log" level={logLevels[log.status]} href={href}>
      {log.message ?? `${formatCount(BigInt(log.size))} events`}
      {log.verifiedAt === null || log.message !== null ? null : (
        <>
          , verified <RelativeTime at={log.verifiedAt} />
        </>
      )}
    </Line>
  );
}

function ProcessLine({ name, processes }: { name: string; processes: HealthFacts["processes"] }) {
  const silent = processes.filter((each) => !each.alive);
  const behind = processes.filter((each) => each.alive && each.current === false);
  const alive = processes.length - silent.length;
  if (alive === 0) {
    const last = silent[0];
    return (
      <Line name={name} level="bad">
        {last === undefined ? (
          "none is running"
        ) : (
          <>
            silent since <RelativeTime at={last.at} />
          </>
        )}
      </Line>
    );
  }
  return (
    <Line name={name} level={silent.length + behind.length > 0 ? "late" : "good"}>
      {[
        `${alive} running`,
        behind.length > 0 ? `${behind.length} catching up` : "",
        silent.length > 0 ? `${silent.length} silent` : "",
      ]
        .filter(Boolean)
        .join(", ")}
    </Line>
  );
}

function Line({ name, level, href, children }: { name: string; level: Level; href?: string; children: ReactNode }) {
  const look = looks[level];
  return (
    <li className="flex min-h-8 items-center gap-2 px-4 text-sm">
      <look.icon className={clsx("size-4 shrink-0", look.className)} aria-hidden />
      <span className="sr-only">{look.word}: </span>
      {href ? (
        <Link href={href} className="w-22 shrink-0 underline-offset-2 hover:underline">
          {name}
        </Link>
      ) : (
        <span className="w-22 shrink-0">{name}</span>
      )}
      <span className="min-w-0 truncate text-xs text-ink-muted">{children}</span>
    </li>
  );
}

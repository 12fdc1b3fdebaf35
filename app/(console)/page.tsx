import type { Metadata } from "next";
import Link from "next/link";
import { firstSteps } from "@/app/first-steps";
import { DecisionChart } from "@/components/overview/decision-chart";
import { DecisionTotals } from "@/components/overview/decision-totals";
import { FirstSteps } from "@/components/overview/first-steps";
import { HealthList } from "@/components/overview/health-list";
import { OverviewLists } from "@/components/overview/overview-lists";
import { PeriodLinks } from "@/components/overview/period-links";
import { boundsOf, parsePeriod } from "@/components/overview/periods";
import { Refresh } from "@/components/overview/refresh";
import { WaitingList } from "@/components/overview/waiting-list";
import { PageHeader, Section } from "@/components/ui/page-header";
import { can } from "@/lib/access/permissions";
import { requireViewer, type SignedIn } from "@/lib/auth";
import { listInbox } from "@/lib/store/approval-inbox";
import { readOverview } from "@/lib/store/overview";
import { readHealth } from "@/lib/store/overview-health";
import { actorsOf } from "@/lib/store/overview-principal";
import { readLogState } from "@/lib/store/overview-shell";

export const metadata: Metadata = { title: "Overview" };

const refreshMs = 15_000;

export default async function OverviewPage({ searchParams }: PageProps<"/">) {
  const viewer = await requireViewer("overview.read");
  const { period: asked } = await searchParams;
  const period = parsePeriod(Array.isArray(asked) ? asked[0] : asked);
  const { overview, inbox, health, log } = await readAll(viewer, period);
  const sum = overview.buckets.reduce((all, { allow, hold, deny }) => all + allow + hold + deny, 0);
  const linked = can(viewer.role, "feed.read");
  return (
    <div className="pb-8">
      <Refresh everyMs={refreshMs} />
      <PageHeader
        title="Overview"
        description={
          linked ? "What needs you, and what happened." : "What you and your agents asked for, and what happened."
        }
        actions={<PeriodLinks period={period.id} />}
      />
      <div className="flex flex-col gap-4 px-6">
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <Section
            title="Waits for you"
            flush
            actions={
              <Link href="/approvals" className="text-xs text-accent underline-offset-2 hover:underline">
                All approvals
              </Link>
            }
          >
            <WaitingList inbox={inbox} />
          </Section>
          <Section title="Health" flush>
            <HealthList log={log} health={health} linked={linked} />
          </Section>
        </div>
        {sum === 0 && log.size === "0" ? <FirstSteps steps={firstSteps()} /> : null}
        <Section title="Statements by decision" description={`The last ${period.label}`}>
          <div className="grid gap-6 md:grid-cols-[8rem_minmax(0,1fr)]">
            <DecisionTotals buckets={overview.buckets} linked={linked} />
            <DecisionChart buckets={overview.buckets} bucketSeconds={period.bucketSeconds} />
          </div>
        </Section>
        <OverviewLists overview={overview} linked={linked} />
      </div>
    </div>
  );
}

async function readAll(viewer: SignedIn, period: ReturnType<typeof parsePeriod>) {
  const everything = can(viewer.role, "feed.read");
  const actors = everything ? null : await actorsOf(viewer.email);
  const bounds = { ...boundsOf(period, new Date()), bucketSeconds: period.bucketSeconds };
  const [overview, inbox, health, log] = await Promise.all([
    readOverview(bounds, { actors }),
    listInbox(viewer, "for-you"),
    readHealth(),
    readLogState(),
  ]);
  return { overview, inbox, health, log };
}

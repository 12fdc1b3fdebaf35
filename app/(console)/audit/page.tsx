import type { Metadata } from "next";
import { auditFiltersOf, listedEvent } from "@/app/api/audit/log-filters";
import { AuditView } from "@/components/audit/audit-view";
import { requireViewer } from "@/lib/auth";
import { listAudit } from "@/lib/store/audit-list";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: PageProps<"/audit">) {
  await requireViewer("audit.read");
  const { q } = await searchParams;
  const text = (Array.isArray(q) ? q[0] : q) ?? "";
  const { filters, ignored } = auditFiltersOf(text);
  const page = await listAudit({ filters });
  return <AuditView initial={{ q: text, events: page.events.map(listedEvent), before: page.before, ignored }} />;
}

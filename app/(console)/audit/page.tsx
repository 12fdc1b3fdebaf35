import type { Metadata } from "next";
import { auditFiltersOf } from "@/app/api/audit/audit-query";
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
  const events = page.events.map((event) => ({ ...event, at: event.at.toISOString() }));
  return <AuditView initial={{ q: text, events, before: page.before, ignored }} />;
}

import type { Metadata } from "next";
import { readActivePolicies } from "@/app/api/policies/policy-rows";
import { readVersionRows } from "@/app/api/policies/version-rows";
import { PoliciesView } from "@/components/policies/policies-view";
import { requireViewer } from "@/lib/auth";

export const metadata: Metadata = { title: "Policies" };

export default async function PoliciesPage() {
  await requireViewer("policy.read");
  const [active, versions] = await Promise.all([readActivePolicies(), readVersionRows()]);
  return <PoliciesView active={active} versions={versions.length} />;
}

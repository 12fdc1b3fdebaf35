import type { Metadata } from "next";
import { readActivePolicies } from "@/app/api/policies/policy-rows";
import { readVersionRows } from "@/app/api/policies/version-rows";
import { VersionsView } from "@/components/policies/versions-view";
import { requireViewer } from "@/lib/auth";

export const metadata: Metadata = { title: "Policy versions" };

export default async function VersionsPage() {
  await requireViewer("policy.read");
  const [versions, active] = await Promise.all([readVersionRows(), readActivePolicies()]);
  return <VersionsView versions={versions} policies={active.policies.length} />;
}

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readWholeVersion, wholeVersion } from "@/app/api/policies/version-rows";
import { BundleEditor } from "@/components/policies/bundle-editor";
import { requireViewer } from "@/lib/auth";
import { readActiveBundle } from "@/lib/store/bundles";

export const metadata: Metadata = { title: "Edit policies" };

export default async function EditPoliciesPage({ searchParams }: PageProps<"/policies/edit">) {
  await requireViewer("policy.write");
  const { version } = await searchParams;
  const active = await readActiveBundle();
  if (version === undefined) {
    return <BundleEditor base={active && wholeVersion(active)} active={active?.version ?? null} />;
  }
  const base = /^[1-9]\d{0,8}$/.test(String(version)) ? await readWholeVersion(Number(version)) : null;
  if (base === null) notFound();
  return <BundleEditor key={base.version} base={base} active={active?.version ?? null} />;
}

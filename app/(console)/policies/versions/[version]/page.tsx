import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readWholeVersion, wholeVersion } from "@/app/api/policies/version-rows";
import { VersionView } from "@/components/policies/version-view";
import { requireViewer } from "@/lib/auth";
import { readActiveBundle } from "@/lib/store/bundles";

export const metadata: Metadata = { title: "Policy version" };

export default async function VersionPage({ params }: PageProps<"/policies/versions/[version]">) {
  await requireViewer("policy.read");
  const { version } = await params;
  const whole = /^[1-9]\d{0,8}$/.test(version) ? await readWholeVersion(Number(version)) : null;
  if (whole === null) notFound();
  const active = await readActiveBundle();
  return <VersionView key={whole.version} version={whole} active={active && wholeVersion(active)} />;
}

import type { Metadata } from "next";
import { readIdentities } from "@/app/api/identities/identity-rows";
import { IdentitiesView } from "@/components/identities/identities-view";
import { requireViewer } from "@/lib/auth";
import { env } from "@/lib/env";
import { listDatabases } from "@/lib/store/databases";

export const metadata: Metadata = { title: "Identities" };

export default async function IdentitiesPage() {
  const viewer = await requireViewer("identity.read");
  const [identities, databases] = await Promise.all([readIdentities(viewer), listDatabases()]);
  const { BROKER_HOST: host, BROKER_PORT: port } = env();
  return <IdentitiesView identities={identities} broker={{ host, port, database: databases[0]?.name ?? "DATABASE" }} />;
}

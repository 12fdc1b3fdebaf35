import type { Metadata } from "next";
import { readDatabaseRows } from "@/app/api/databases/database-rows";
import { DatabasesView } from "@/components/databases/databases-view";
import { requireViewer } from "@/lib/auth";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Databases" };

export default async function DatabasesPage() {
  await requireViewer("database.read");
  const { BROKER_HOST, BROKER_PORT } = env();
  return <DatabasesView databases={await readDatabaseRows()} broker={{ host: BROKER_HOST, port: BROKER_PORT }} />;
}

import type { Metadata } from "next";
import { readActiveMasking, readMaskingRules } from "@/app/api/masking/masking-config";
import { MaskingView } from "@/components/masking/masking-view";
import { requireViewer } from "@/lib/auth";
import { readPrincipalFacts } from "@/lib/store/analyst-parts";
import { listDatabases } from "@/lib/store/databases";

export const metadata: Metadata = { title: "Masking" };

export default async function MaskingPage({ searchParams }: PageProps<"/masking">) {
  await requireViewer("masking.read");
  const params = await searchParams;
  const [databases, principals, masking] = await Promise.all([
    listDatabases(),
    readPrincipalFacts(),
    readActiveMasking(),
  ]);
  const names = databases.map(({ name }) => name);
  const database = names.find((name) => name === params.database) ?? names[0] ?? null;
  return (
    <MaskingView
      databases={names}
      principals={[...principals.keys()]}
      version={masking.version}
      faults={masking.faults}
      rules={await readMaskingRules(masking.config, database)}
    />
  );
}

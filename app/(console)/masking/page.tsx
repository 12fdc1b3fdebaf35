import type { Metadata } from "next";
import { readMaskedCatalog } from "@/app/api/masking/masked-catalog";
import { readActiveMasking, readMaskingRules } from "@/app/api/masking/masking-config";
import { findPrincipal } from "@/app/api/masking/principal";
import type { MaskedCatalog } from "@/components/masking/masking-rows";
import { MaskingView } from "@/components/masking/masking-view";
import { requireViewer } from "@/lib/auth";
import { isAppError } from "@/lib/errors";
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
  const as = typeof params.as === "string" && principals.has(params.as) ? params.as : "";
  const question = { database, as };
  return (
    <MaskingView
      databases={names}
      principals={[...principals.keys()]}
      version={masking.version}
      faults={masking.faults}
      rules={await readMaskingRules(masking.config, database)}
      initial={{ ...question, ...(await readInitial(question, masking.config)) }}
    />
  );
}

/** What cannot be read now is told in the page, not instead of it. */
async function readInitial(
  { database, as }: { database: string | null; as: string },
  config: Parameters<typeof readMaskedCatalog>[0]["config"],
): Promise<{ catalog: MaskedCatalog | null; error: string | null }> {
  if (database === null) return { catalog: null, error: null };
  try {
    return { catalog: await readMaskedCatalog({ database, principal: await findPrincipal(as), config }), error: null };
  } catch (error) {
    if (isAppError(error)) return { catalog: null, error: error.message };
    throw error;
  }
}

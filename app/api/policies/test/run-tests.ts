import { previewInput } from "@/lib/analysis-input";
import { openAnalysis } from "@/lib/analysis-thread";
import { AppError } from "@/lib/errors";
import { compileBundle } from "@/lib/policy/bundle";
import { type BundleTestResult, runBundleTests } from "@/lib/policy/run-tests";
import type { BundleFiles } from "@/lib/policy/types";
import { readAnalystParts, readPrincipalFacts } from "@/lib/store/analyst-parts";

/** @throws AppError "invalid" where the bundle has errors: they come first */
export async function runTests(files: BundleFiles): Promise<BundleTestResult[]> {
  const [parts, principals] = await Promise.all([readAnalystParts(files), readPrincipalFacts()]);
  const compiled = compileBundle({ files, groups: parts.groups });
  if (!compiled.ok) throw new AppError("invalid", "put the bundle's errors right first: it does not compile");
  if (compiled.bundle.tests.length === 0) return [];
  const analysis = await openAnalysis(parts);
  const now = new Date();
  try {
    return await runBundleTests(compiled.bundle.tests, async (test) => {
      const { principal: name, database, statement: sql, session, usage } = test;
      const principal = principals.get(name.toLowerCase());
      if (principal === undefined) throw new AppError("invalid", `there is no principal ${name}`);
      const at = test.at === undefined ? now : new Date(test.at);
      const plan = await analysis.analyze(previewInput({ principal, database, sql, at, session, usage }));
      const masked = plan.statements.flatMap((statement) => statement.masked.map(({ column }) => column));
      return { decision: plan.decision, masked, ...(plan.refusal === undefined ? {} : { refusal: plan.refusal }) };
    });
  } finally {
    analysis.close();
  }
}

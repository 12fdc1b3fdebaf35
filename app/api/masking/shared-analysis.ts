import { type AnalysisThread, openAnalysis } from "@/lib/analysis-thread";
import { readAnalystParts } from "@/lib/store/analyst-parts";
import { readSnapshotVersion } from "@/lib/store/snapshot";

let shared: { version: string; thread: Promise<AnalysisThread> } | undefined;

/**
 * One analysis of what is in force, kept until something changes: people who look at masks look more than once.
 * @throws AppError("unavailable")
 */
export async function withActiveAnalysis<Result>(use: (analysis: AnalysisThread) => Promise<Result>): Promise<Result> {
  const version = await readSnapshotVersion();
  if (shared?.version !== version) {
    const old = shared;
    shared = { version, thread: readAnalystParts().then(openAnalysis) };
    // Whoever still waits for the old one is told to try again.
    void old?.thread.then((thread) => thread.close()).catch(() => undefined);
  }
  const current = shared;
  try {
    return await use(await current.thread);
  } catch (error) {
    // A thread that ended is of no use to the next one who asks.
    if (shared === current) shared = undefined;
    throw error;
  }
}

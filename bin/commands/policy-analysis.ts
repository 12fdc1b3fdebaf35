import { analyzeText, compileAnalysis } from "@/lib/analysis";
import { AppError } from "@/lib/errors";
import type { AnalyzeTest } from "@/lib/policy/run-tests";
import type { BundleTest } from "@/lib/policy/tests-file";
import type { BundleFiles, Principal, TimeFacts } from "@/lib/policy/types";
import { loadParser } from "@/lib/sql/parse";
import { listAgents } from "@/lib/store/agents";
import { readStoredCatalog } from "@/lib/store/catalogs";
import { listDatabases } from "@/lib/store/databases";
import { listPeople } from "@/lib/store/people";
import { parsePrincipal } from "@/lib/store/principals";

/** Version and role that stand in for what only a running session has. */
const bundleVersion = 0;
const upstreamRole = "policy_test";

/** What a broker would do with a test's statement, from the store's principals and catalogs, without an upstream. */
export async function prepareAnalysis(bundle: { files: BundleFiles; groups: string[] }): Promise<AnalyzeTest> {
  await loadParser();
  const databases = await Promise.all(
    (await listDatabases()).map(async ({ name, labels }) => ({ name, labels, catalog: await readStoredCatalog(name) })),
  );
  const principals = await readPrincipals();
  const compiled = compileAnalysis({
    snapshotVersion: "0",
    bundle: { version: bundleVersion, files: bundle.files },
    groups: bundle.groups,
    databases,
  });
  return (test) => {
    const plan = analyzeText(compiled, {
      principal: principalOf(principals, test.principal),
      database: test.database,
      session: {
        clientAddress: "127.0.0.1",
        applicationName: "",
        tls: true,
        inTransaction: false,
        breakGlass: false,
        ...test.session,
      },
      time: timeFacts(test.at === undefined ? new Date() : new Date(test.at)),
      usage: { rowsLastHour: 0, statementsLastHour: 0, ...test.usage },
      grants: [],
      sql: test.statement,
      searchPath: ["$user", "public"],
      role: upstreamRole,
      overlay: [],
      waived: [],
      kept: {},
      prepared: {},
    });
    const masked = plan.statements.flatMap((statement) => statement.masked.map(({ column }) => column));
    return { decision: plan.decision, masked, ...(plan.refusal === undefined ? {} : { refusal: plan.refusal }) };
  };
}

async function readPrincipals(): Promise<Map<string, Principal>> {
  const [people, agents] = await Promise.all([listPeople(), listAgents()]);
  return new Map<string, Principal>([
    ...people.map(({ email, groups }): [string, Principal] => [
      `person/${email}`,
      { kind: "person", name: email, groups },
    ]),
    ...agents.map(({ name, groups, owner }): [string, Principal] => [
      `agent/${name}`,
      { kind: "agent", name, groups, owner },
    ]),
  ]);
}

function principalOf(principals: Map<string, Principal>, text: BundleTest["principal"]): Principal {
  const { kind, name } = parsePrincipal(text);
  const found = principals.get(`${kind}/${name}`);
  if (found === undefined) throw new AppError("invalid", `there is no principal ${text}`);
  return found;
}

/** UTC; Monday is 1. */
function timeFacts(time: Date): TimeFacts {
  return { epochSeconds: Math.floor(time.getTime() / 1_000), hour: time.getUTCHours(), weekday: time.getUTCDay() || 7 };
}

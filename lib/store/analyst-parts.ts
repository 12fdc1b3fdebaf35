import type { AnalystParts } from "@/lib/analysis-types";
import type { BundleFiles, Principal } from "@/lib/policy/types";
import { listAgents } from "./agents";
import { readActiveBundle } from "./bundles";
import { readStoredCatalog } from "./catalogs";
import { listDatabases } from "./databases";
import { listGroups } from "./groups";
import { listPeople } from "./people";
import { readSnapshotVersion } from "./snapshot";

/**
 * What an analysis needs of the store, without a credential.
 * @param files a bundle that is not in force; the active one where absent
 */
export async function readAnalystParts(files?: BundleFiles): Promise<AnalystParts> {
  const [snapshotVersion, groups, databases, active] = await Promise.all([
    readSnapshotVersion(),
    listGroups(),
    listDatabases(),
    files === undefined ? readActiveBundle() : null,
  ]);
  return {
    snapshotVersion,
    groups: groups.map(({ name }) => name),
    databases: await Promise.all(
      databases.map(async ({ name, labels }) => ({ name, labels, catalog: await readStoredCatalog(name) })),
    ),
    bundle: files === undefined ? active && { version: active.version, files: active.files } : { version: 0, files },
  };
}

/** Every principal with its groups, by `agent/NAME` and `person/EMAIL`. */
export async function readPrincipalFacts(): Promise<Map<string, Principal>> {
  const [people, agents] = await Promise.all([listPeople(), listAgents()]);
  const all: [string, Principal][] = [
    ...agents.map(({ name, groups, owner }): [string, Principal] => [
      `agent/${name}`,
      { kind: "agent", name, groups, owner },
    ]),
    ...people.map(({ email, groups }): [string, Principal] => [
      `person/${email}`,
      { kind: "person", name: email, groups },
    ]),
  ];
  return new Map(all);
}

import { dottedId } from "../names";
import type { ActionName, Resource } from "../types";
import { ask, type Classification, refuse } from "./classification";

/** Beyond this the policies are not asked about each. */
const contentsMax = 1_000;

/**
 * Asks about everything that stands in a schema, for statements that do to each what they do to the schema: a policy
 * about one table, view or function stops them too.
 */
export function askContents(c: Classification, action: ActionName, schema: string | undefined): void {
  const resources = schema === undefined ? [] : contentsOf(c, schema, action !== "other");
  if (resources.length > contentsMax) {
    refuse(
      c,
      "54000",
      `schema "${schema}" has too much in it: policies are asked about each of at most ${contentsMax} objects`,
      "Drop or change its tables first, some at a time.",
    );
    return;
  }
  for (const resource of resources) ask(c, action, resource);
}

/** Functions only where the action can be asked about one. */
function contentsOf({ index }: Classification, schema: string, withFunctions: boolean): Resource[] {
  const own = index.base === undefined ? [] : index.ownRelations;
  const tables = [...index.catalog.relations, ...own].filter((one) => one.schema === schema);
  const functions = withFunctions ? index.catalog.functions.filter((one) => one.schema === schema) : [];
  return [
    ...tables.map(({ name }): Resource => ({ type: "Table", id: dottedId(index.databaseName, schema, name) })),
    ...functions.map(({ name }): Resource => ({ type: "Function", id: dottedId(index.databaseName, schema, name) })),
  ];
}

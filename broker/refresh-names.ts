import { messageOf } from "@/lib/errors";
import { log } from "@/lib/log";
import { catalogSchema } from "@/lib/sql/catalog";
import type { Tokens } from "@/lib/sql/lex";
import { catalogSql } from "@/lib/upstream/read-catalog";
import { namesIn } from "./read-text";
import type { Session } from "./session-state";

const namesMax = 200;
const overlayRelationsMax = 500;

/**
 * Looks for relations that the catalog does not know on the session's own connection: temporary ones, uncommitted
 * ones, and those made since the catalog was read. True when the session now sees something it did not.
 */
export async function refreshNames(session: Session, sql: string, tokens: Tokens): Promise<boolean> {
  const { pipeline, upstream, database, broker } = session;
  if (!pipeline.quiet || pipeline.status === "E") return false;
  const names = namesIn(sql, tokens, namesMax).map((name) => ({ name }));
  const reply = await pipeline.hidden(catalogSql({ kind: "relations", relations: names }), (bytes) =>
    upstream.send(bytes),
  );
  if ("error" in reply) {
    log("broker").warn({ error: reply.error, database: database.name }, "relations could not be looked up");
    return false;
  }
  const parsed = catalogSchema.safeParse(parseJson(reply.rows[0]?.[0] ?? ""));
  if (!parsed.success) return false;
  const known = new Map(database.catalog?.relations.map((relation) => [relation.oid, relation]) ?? []);
  const fresh = parsed.data.relations.filter((relation) => {
    const before = known.get(relation.oid);
    return before === undefined || before.name !== relation.name || before.schema !== relation.schema;
  });
  if (fresh.length === 0) return false;
  const found = new Set(fresh.map(({ oid }) => oid));
  const kept = session.overlay.filter(({ oid }) => !found.has(oid));
  session.overlay = [...kept, ...fresh].slice(-overlayRelationsMax);
  session.baseKey = "";
  if (fresh.some((relation) => !relation.schema.startsWith("pg_temp_"))) {
    broker.catalogs.syncCatalog(database.name).catch((error) => {
      log("broker").warn({ error: messageOf(error), database: database.name }, "the catalog could not be read anew");
    });
  }
  return true;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

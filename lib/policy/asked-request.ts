import type { ActionName, Ask } from "@/lib/sql/types";
import { type BaseFacts, checkedFacts } from "./context";
import { principalEntity, type RequestEntity, resourceEntity } from "./entities";
import type { StatementFacts } from "./types";

/** One request of the policies with all that is known about it. */
export type AskedRequest = {
  action: ActionName;
  principal: RequestEntity;
  resource: RequestEntity;
  facts: BaseFacts;
  /** absent for `connect`, which knows no statement */
  statement?: { facts: StatementFacts; where: { hasWhere: boolean; whereIsConstant: boolean } };
};

/** The half of a request that all asks of a statement share. */
export type Asker = { principal: RequestEntity; facts: BaseFacts; statement?: StatementFacts };

/** Who asks, or null when the principal or a fact is not fully known, which must refuse. */
export function askerOf(facts: BaseFacts, statement?: StatementFacts): Asker | null {
  const checked = checkedFacts(facts);
  const principal = principalEntity(facts.principal);
  if (!checked || !principal) return null;
  return statement ? { principal, facts: checked, statement } : { principal, facts: checked };
}

/**
 * The request that an ask makes, or null when the resource is none of the database's, which must refuse.
 * `labels` are those of the column that an `unmask` asks about.
 */
export function askedRequest(asker: Asker | null, ask: Ask, labels: readonly string[] = []): AskedRequest | null {
  const resource = asker && resourceEntity(ask.resource, asker.facts.database, labels);
  if (!asker || !resource) return null;
  const about = { action: ask.action, principal: asker.principal, resource, facts: asker.facts };
  if (!asker.statement) return about;
  const where = { hasWhere: ask.hasWhere, whereIsConstant: ask.whereIsConstant };
  return { ...about, statement: { facts: asker.statement, where } };
}

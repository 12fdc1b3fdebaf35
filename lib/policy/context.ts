import type { CedarValueJson, Context } from "@cedar-policy/cedar-wasm/nodejs";
import { z } from "zod";
import type { Ask } from "@/lib/sql/types";
import type { DecisionInput, SessionFacts } from "./types";

const addressSchema = z.union([z.ipv4(), z.ipv6()]);

/** What every request of a session knows. `connect` knows no more. */
export type BaseFacts = Pick<DecisionInput, "principal" | "database" | "session" | "time" | "usage" | "grants">;

/**
 * The facts with the client's address as Cedar takes it: without a zone, IPv4 in its own notation
 * even where the socket is IPv6. Null when a fact is not what the schema says, which must refuse.
 */
export function checkedFacts<Facts extends BaseFacts>(facts: Facts): Facts | null {
  const clientAddress = cedarAddress(facts.session.clientAddress);
  if (clientAddress === null) return null;
  const numbers = [...Object.values(facts.time), ...Object.values(facts.usage)];
  if (!numbers.every((number) => Number.isSafeInteger(number))) return null;
  return { ...facts, session: { ...facts.session, clientAddress } };
}

/** Context of `connect`. */
export function baseContext(facts: BaseFacts): Context {
  return {
    session: sessionRecord(facts.session),
    time: { ...facts.time },
    usage: { ...facts.usage },
    grants: facts.grants,
  };
}

/** Context of every other action; `where` are the facts of the DML node that asks. */
export function statementContext(
  input: Omit<DecisionInput, "asks" | "waived">,
  where: Pick<Ask, "hasWhere" | "whereIsConstant">,
): Context {
  const { statement } = input;
  const record: Record<string, CedarValueJson> = {
    kind: statement.kind,
    fingerprint: statement.fingerprint,
    statementsInBatch: statement.statementsInBatch,
    tables: statement.tables.map((id) => ({ type: "Table", id })),
    hasWhere: where.hasWhere,
    whereIsConstant: where.whereIsConstant,
  };
  if (statement.estimatedRows !== undefined) record.estimatedRows = statement.estimatedRows;
  return {
    ...baseContext(input),
    sensitivity: statement.sensitivity.map((id) => ({ type: "Label", id })),
    statement: record,
  };
}

function sessionRecord(session: SessionFacts): Record<string, CedarValueJson> {
  const record: Record<string, CedarValueJson> = {
    clientAddress: session.clientAddress,
    applicationName: session.applicationName,
    tls: session.tls,
    inTransaction: session.inTransaction,
    breakGlass: session.breakGlass,
  };
  if (session.onBehalfOf !== undefined) record.onBehalfOf = { type: "Person", id: session.onBehalfOf };
  if (session.reason !== undefined) record.reason = session.reason;
  return record;
}

function cedarAddress(address: string): string | null {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return addressSchema.safeParse(bare).success ? bare : null;
}

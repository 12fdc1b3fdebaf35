import type { ParsedBatch } from "./parse";
import { positionAt } from "./resolve";
import type { SqlRefusal } from "./types";

/** A construct that is not supported for principals with masks. */
export function unsupported(message: string, hint: string): SqlRefusal {
  return { sqlstate: "0A000", message, hint };
}

export function unsupportedAt(batch: ParsedBatch, byte: number, refusal: SqlRefusal): SqlRefusal {
  return byte < 0 ? refusal : { ...refusal, position: positionAt(batch, byte) };
}

import { type ErrorFields, encodeErrorFields, readErrorFields } from "./error-fields";

/** Classes of SQLSTATE whose messages speak of the statement and the server, never of values in rows. */
const tellingClasses = new Set([
  "00",
  "08",
  "0A",
  "25",
  "26",
  "28",
  "34",
  "3D",
  "3F",
  "40",
  "42",
  "53",
  "55",
  "57",
  "58",
]);
/** Severity, SQLSTATE, position and names of objects (protocol-error-fields §54.8). */
const kept = ["S", "V", "C", "M", "P", "s", "t", "c", "d", "n"];

/**
 * An upstream's error without what could carry a value of a masked column: DETAIL, HINT, CONTEXT and internal
 * statements go, and the message too where its class can quote data.
 */
export function withheldError(fields: ErrorFields): ErrorFields {
  const code = fields.get("C") ?? "XX000";
  const told: ErrorFields = new Map();
  for (const name of kept) {
    const value = fields.get(name);
    if (value !== undefined) told.set(name, value);
  }
  // RAISE in a function gives any text any SQLSTATE.
  const raised = fields.get("R") === "exec_stmt_raise";
  if (raised || !tellingClasses.has(code.slice(0, 2)))
    told.set("M", `the statement failed (${code}); the message is withheld`);
  return told;
}

/** A notice can be raised with any text, so its text goes. */
export function withheldNotice(frame: Buffer): Buffer {
  const fields = readErrorFields(frame);
  const code = fields.get("C") ?? "00000";
  const severity = fields.get("S") ?? "NOTICE";
  const told: ErrorFields = new Map([
    ["S", severity],
    ["V", fields.get("V") ?? severity],
    ["C", code],
    ["M", `a message of the database is withheld (${code})`],
  ]);
  return encodeErrorFields("N", told);
}

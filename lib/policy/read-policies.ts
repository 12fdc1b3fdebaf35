import { type DetailedError, policyToJson } from "@cedar-policy/cedar-wasm/nodejs";
import { errorText } from "./cedar";
import type { SourcePolicy } from "./compiled";
import { lineAt, offsetOfByte, splitPolicies } from "./split-policies";
import type { BundleFault } from "./types";

/** The policies of one .cedar file; one that does not parse becomes a fault and the rest is still read. */
export function readPolicies(file: string, text: string): { policies: SourcePolicy[]; faults: BundleFault[] } {
  const policies: SourcePolicy[] = [];
  const faults: BundleFault[] = [];
  for (const piece of splitPolicies(text)) {
    const parsed = policyToJson(piece.text);
    const line = lineAt(text, piece.start);
    if (parsed.type === "success") {
      policies.push({ id: parsed.json.annotations?.id ?? "", file, line, text: piece.text, json: parsed.json });
      continue;
    }
    for (const error of parsed.errors) {
      faults.push({ file, line: line + linesInto(piece.text, error), message: syntaxText(error), severity: "error" });
    }
  }
  return { policies, faults };
}

/** How many lines into the policy's text Cedar points. */
export function linesInto(text: string, error: DetailedError): number {
  const byte = error.sourceLocations?.[0]?.start;
  return byte === undefined ? 0 : lineAt(text, offsetOfByte(text, byte)) - 1;
}

function syntaxText(error: DetailedError): string {
  const expected = error.sourceLocations?.[0]?.label;
  const message = errorText(error).replace(/^failed to parse policy from string: /, "");
  return expected ? `${message}: ${expected}` : message;
}

import { z } from "zod";
import { parseDuration } from "./durations";
import { readYaml } from "./read-yaml";
import { didYouMean } from "./suggest";
import type { BundleFault } from "./types";

/** Something that may be asked for: what is not offered cannot be asked for. */
export type AccessOffer = {
  /** membership of a group, or columns of a label in clear */
  kind: "group" | "unmask";
  /** group or label */
  name: string;
  review: string;
  quorum: number;
  also: string[];
  maxSeconds: number;
};

const quorumMax = 20;

const offerSchema = z.strictObject({
  grant: z.string().regex(/^(group|unmask):\S+$/, 'must be "group:NAME" or "unmask:LABEL"'),
  review: z.string().min(1),
  quorum: z.int().min(1).max(quorumMax).default(1),
  also: z.string().min(1).optional(),
  max: z.string().transform((text, context) => {
    const seconds = parseDuration(text);
    if (seconds) return seconds;
    context.addIssue({ code: "custom", message: 'must be a duration such as "8h"' });
    return z.NEVER;
  }),
});

/** Reads `access.yaml`; groups must exist; of labels that `masking.yaml` does not declare it warns. */
export function readAccessFile(about: {
  file: string;
  text: string;
  groups: ReadonlySet<string>;
  labels: ReadonlySet<string>;
}): { offers: AccessOffer[]; faults: BundleFault[] } {
  const { file, text, groups, labels } = about;
  const reading = readYaml({ file, text, schema: z.array(offerSchema), empty: [] });
  if (!reading.ok) return { offers: [], faults: reading.faults };
  const faults: BundleFault[] = [];
  const seen = new Set<string>();
  const offers = reading.value.map((offer, at): AccessOffer => {
    const fault = (message: string, severity: BundleFault["severity"] = "error") =>
      faults.push({ file, line: reading.lineOf([at]), message, severity });
    const colon = offer.grant.indexOf(":");
    const kind = offer.grant.slice(0, colon) as AccessOffer["kind"];
    const name = offer.grant.slice(colon + 1);
    if (seen.has(offer.grant)) fault(`${offer.grant} is offered twice`);
    seen.add(offer.grant);
    for (const group of [offer.review, offer.also, kind === "group" ? name : undefined]) {
      if (group !== undefined && !groups.has(group)) {
        fault(`group "${group}" does not exist${didYouMean(group, groups)}`);
      }
    }
    if (kind === "unmask" && !labels.has(name)) {
      fault(`label "${name}" is not declared in masking.yaml${didYouMean(name, labels)}`, "warning");
    }
    const also = offer.also === undefined ? [] : [offer.also];
    return { kind, name, review: offer.review, quorum: offer.quorum, also, maxSeconds: offer.max };
  });
  return { offers, faults };
}

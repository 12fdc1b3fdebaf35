import { z } from "zod";
import { readYaml } from "@/lib/policy/read-yaml";
import { didYouMean } from "@/lib/policy/suggest";
import type { BundleFault } from "@/lib/policy/types";
import { parsePattern } from "./pattern";
import type { Mask, MaskingConfig, MaskingRule } from "./types";

const file = "masking.yaml";
const plainMasks = [
  "redact",
  "null",
  "email",
  "last4",
  "first1",
  "initials",
  "year",
  "month",
  "token",
  "ip-prefix",
  "text",
] as const;
const maskNames = [...plainMasks, "bucket:N", "fixed:VALUE", "json"];

/** An object that refuses keys it does not know and names the nearest one it does. */
function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const keys = (issue.keys as string[]).map((key) => `"${key}"${didYouMean(key, Object.keys(shape))}`);
      return `unknown key ${keys.join(", ")}`;
    },
  });
}

const pattern = z.string().superRefine((text, context) => {
  if (parsePattern(text) === null) {
    context.addIssue(`"${text}" is no column pattern: write database.schema.table.column, each a name or *`);
  }
});

/** One function rather than a union, whose faults name none of its branches. */
const maskSchema = z.unknown().transform((value, context): Mask => {
  const mask = readMask(value);
  if (typeof mask !== "string") return mask;
  context.addIssue(mask);
  return z.NEVER;
});

/** The mask that a value of the file means, or what is wrong with it. */
function readMask(value: unknown): Mask | string {
  // YAML reads a bare null as no value.
  if (value === null) return { kind: "null" };
  if (typeof value === "string") {
    const known = parseMask(value);
    return known ?? `there is no mask "${value}"${didYouMean(value, maskNames)}; masks are ${maskNames.join(", ")}`;
  }
  const json = z.strictObject({ json: z.record(z.string(), z.unknown()) }).safeParse(value);
  if (!json.success) return `a mask is one of ${maskNames.join(", ")}; json takes paths, each with a mask`;
  const paths: Record<string, Mask> = {};
  for (const [path, inner] of Object.entries(json.data.json)) {
    const mask = readMask(inner);
    if (typeof mask === "string") return `${path}: ${mask}`;
    paths[path] = mask;
  }
  return { kind: "json", paths };
}

const labelSchema = strict({ id: z.string().min(1), columns: z.array(pattern) });
const ruleShape = strict({
  id: z.string().min(1),
  match: z.union([strict({ label: z.string() }), strict({ columns: z.array(pattern).min(1) })], {
    error: "say { label: … } or { columns: […] }",
  }),
  mask: maskSchema,
  predicates: z.enum(["mask", "lookup", "deny", "hold"]).default("mask"),
  unmask: strict({ groups: z.array(z.string()).default([]) }).default({ groups: [] }),
  null: z.enum(["keep", "hide"]).default("keep"),
});
/** YAML reads the key of `null: hide` as no value, which becomes the empty text. */
const ruleSchema = z.preprocess((rule) => {
  if (typeof rule !== "object" || rule === null || !("" in rule)) return rule;
  const { "": nulls, ...rest } = rule as Record<string, unknown>;
  return { ...rest, null: nulls };
}, ruleShape);
const configSchema = strict({
  labels: z.array(labelSchema).default([]),
  rules: z.array(ruleSchema).default([]),
  default: strict({
    /** columns without a label: of every relation */
    unlabelled: z.enum(["show", "mask"]).default("show"),
    /** columns without a label: of relations that have masked ones */
    new: z.enum(["show", "mask"]).default("show"),
  }).default({ unlabelled: "show", new: "show" }),
});

type ConfigFile = z.output<typeof configSchema>;
type LineOf = (path: readonly PropertyKey[]) => number | undefined;

/**
 * Reads a bundle's `masking.yaml`. Faults carry the line; warnings are about rules that can never apply. What the file
 * does not say about unlabelled and new columns is `show`.
 */
export function parseMaskingConfig(
  text: string,
): { config: MaskingConfig; warnings: BundleFault[] } | { faults: BundleFault[] } {
  const reading = readYaml({ file, text, schema: configSchema, empty: {} });
  if (!reading.ok) return { faults: reading.faults };
  const { value, lineOf } = reading;
  const told = [duplicates, unknownLabels, coarserThanWritten, shadowed].flatMap((check) => check(value, lineOf));
  const faults = told.filter(({ severity }) => severity === "error");
  if (faults.length > 0) return { faults };
  const config: MaskingConfig = {
    labels: value.labels,
    rules: value.rules.map(toRule),
    unlabelled: value.default.unlabelled,
    newColumns: value.default.new,
  };
  return { config, warnings: told };
}

function toRule(rule: ConfigFile["rules"][number]): MaskingRule {
  const { id, match, mask, predicates } = rule;
  return { id, match, mask, predicates, unmaskGroups: rule.unmask.groups, nulls: rule.null };
}

/** `email`, `bucket:10`, `fixed:n/a`; null where there is no such mask. */
export function parseMask(text: string): Mask | null {
  const plain = plainMasks.find((name) => name === text);
  if (plain !== undefined) return { kind: plain };
  if (text.startsWith("fixed:")) return { kind: "fixed", value: text.slice("fixed:".length) };
  const bucket = /^bucket:([1-9][0-9]{0,8})$/.exec(text);
  return bucket === null ? null : { kind: "bucket", size: Number(bucket[1]) };
}

function fault(message: string, line: number | undefined, severity: BundleFault["severity"] = "error"): BundleFault {
  return line === undefined ? { file, message, severity } : { file, line, message, severity };
}

function duplicates(config: ConfigFile, lineOf: LineOf): BundleFault[] {
  const repeated = (section: "labels" | "rules", noun: string): BundleFault[] => {
    const seen = new Set<string>();
    return config[section].flatMap(({ id }, index) => {
      if (seen.has(id)) return [fault(`${noun} "${id}" is defined twice`, lineOf([section, index]))];
      seen.add(id);
      return [];
    });
  };
  return [...repeated("labels", "label"), ...repeated("rules", "rule")];
}

function unknownLabels(config: ConfigFile, lineOf: LineOf): BundleFault[] {
  const known = config.labels.map((label) => label.id);
  return config.rules.flatMap((rule, index) => {
    if (!("label" in rule.match) || known.includes(rule.match.label)) return [];
    const message = `rule "${rule.id}": there is no label "${rule.match.label}"${didYouMean(rule.match.label, known)}`;
    return [fault(message, lineOf(["rules", index, "match"]))];
  });
}

/** Options that are answered more strictly than they say, with a warning, and those that would be answered more weakly. */
function coarserThanWritten(config: ConfigFile, lineOf: LineOf): BundleFault[] {
  return config.rules.flatMap((rule, index) => {
    const faults: BundleFault[] = [];
    const line = lineOf(["rules", index]);
    if (rule.predicates === "lookup") {
      faults.push(fault(`rule "${rule.id}": predicates: lookup is answered as mask for now`, line, "warning"));
    } else if (rule.predicates !== "mask") {
      const message = `rule "${rule.id}": predicates: ${rule.predicates} is not available yet; write predicates: mask`;
      faults.push(fault(message, line));
    }
    if (rule.mask.kind === "json") {
      faults.push(fault(`rule "${rule.id}": json masks redact the whole value for now`, line, "warning"));
    }
    return faults;
  });
}

/** The first rule that matches wins, so a second one for the same label or pattern never applies. */
function shadowed(config: ConfigFile, lineOf: LineOf): BundleFault[] {
  const owner = new Map<string, string>();
  return config.rules.flatMap((rule, index) => {
    const keys =
      "label" in rule.match ? [`label ${rule.match.label}`] : rule.match.columns.map((one) => `pattern ${one}`);
    return keys.flatMap((key) => {
      const first = owner.get(key);
      if (first === undefined) owner.set(key, rule.id);
      else
        return [
          fault(
            `rule "${rule.id}" never applies to ${key}: rule "${first}" comes first`,
            lineOf(["rules", index]),
            "warning",
          ),
        ];
      return [];
    });
  });
}

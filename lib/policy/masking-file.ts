import { parseMaskingConfig } from "@/lib/masking/parse-masking";
import type { MaskingConfig } from "@/lib/masking/types";
import { didYouMean } from "./suggest";
import type { BundleFault } from "./types";

/** What a bundle without `masking.yaml` masks: nothing. */
export const noMasking: MaskingConfig = { labels: [], rules: [], unlabelled: "show", newColumns: "show" };

/** Reads `masking.yaml`; the groups that its rules name must exist. */
export function readMaskingFile(about: { file: string; text: string; groups: ReadonlySet<string> }): {
  config: MaskingConfig;
  faults: BundleFault[];
} {
  const { file, text, groups } = about;
  const parsed = parseMaskingConfig(text);
  if ("faults" in parsed) {
    return { config: noMasking, faults: parsed.faults };
  }
  const faults = parsed.config.rules.flatMap((rule) =>
    rule.unmaskGroups
      .filter((group) => !groups.has(group))
      .map((group): BundleFault => {
        const message = `rule ${rule.id}: group "${group}" does not exist${didYouMean(group, groups)}`;
        return { file, line: lineOfGroup(text, rule.id), message, severity: "error" };
      }),
  );
  return { config: parsed.config, faults: [...parsed.warnings, ...faults] };
}

function lineOfGroup(text: string, ruleId: string): number | undefined {
  const line = text.split("\n").findIndex((each) => /^\s*-?\s*\{?\s*id:/.test(each) && each.includes(ruleId));
  return line < 0 ? undefined : line + 1;
}

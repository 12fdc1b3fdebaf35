import type { MaskingConfig } from "@/lib/masking/types";
import type { BundleFault } from "./types";
export function parseMaskingConfig(text: string): { config: MaskingConfig } | { faults: BundleFault[] } {
  const ids = [...text.matchAll(/^\s*- id: (\S+)\n\s+columns:/gm)].map((m) => m[1]!);
  return {
    config: { labels: ids.map((id) => ({ id, columns: [] })), rules: [], unlabelled: "show", newColumns: "mask" },
  };
}

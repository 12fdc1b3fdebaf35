import type { Mask } from "@/lib/masking/types";

/** A mask as `masking.yaml` writes it. */
export function maskText(mask: Mask): string {
  switch (mask.kind) {
    case "bucket":
      return `bucket:${mask.size}`;
    case "fixed":
      return `fixed:${mask.value}`;
    case "json":
      return `json: ${Object.entries(mask.paths)
        .map(([path, one]) => `${path} ${maskText(one)}`)
        .join(", ")}`;
    default:
      return mask.kind;
  }
}

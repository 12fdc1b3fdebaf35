// Bundles the programs: our own code in one file each, packages stay where npm put them.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await build({
  absWorkingDir: root,
  entryPoints: {
    broker: "broker/main.ts",
    "analysis-worker": "broker/analysis-worker.ts",
    workers: "workers/main.ts",
    countersign: "bin/countersign.ts",
    "demo-check": "demo/check.ts",
    "launch-demo": "demo/launch-demo.ts",
    bench: "bench/main.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  splitting: true, // so that what is imported when needed is loaded when needed
  target: "node20",
  packages: "external",
  alias: { "@": root },
  sourcemap: true,
  logLevel: "warning",
}).catch(() => process.exit(1)); // what is wrong has been printed

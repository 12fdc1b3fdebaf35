import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: [
      "lib/**/*.test.ts",
      "broker/**/*.test.ts",
      "workers/**/*.test.ts",
      "bin/**/*.test.ts",
      "components/**/*.test.ts",
    ],
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});

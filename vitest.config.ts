import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const parts = ["app", "bench", "bin", "broker", "components", "demo", "lib", "prisma", "workers"];

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: parts.map((part) => `${part}/**/*.test.{ts,tsx}`) },
      },
      {
        extends: true,
        test: {
          name: "wire",
          include: ["e2e/wire/**/*.test.ts"],
          globalSetup: ["e2e/fixtures/global-setup.ts"],
          testTimeout: 60_000,
          // The files share one stack, and look at what waits for approval there.
          fileParallelism: false,
          // Some wait for a second to pass on a machine that everything shares.
          retry: 1,
        },
      },
    ],
  },
});

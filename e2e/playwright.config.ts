import { defineConfig } from "@playwright/test";
import { findChromium } from "./fixtures/chromium";

const chromium = findChromium();

/** Browser tests against a whole stack, in a real Chromium. */
export default defineConfig({
  testDir: "console",
  testMatch: "**/*.spec.ts",
  outputDir: "../test-results",
  globalSetup: "./fixtures/browser-setup.ts",
  timeout: 60_000,
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Two busy cores can be slower than a page's own time-outs; a test that fails three times is broken.
  retries: 2,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "off",
    launchOptions: {
      executablePath: chromium.executablePath,
      args: ["--no-sandbox"],
      env: { ...process.env, ...chromium.env } as Record<string, string>,
    },
  },
});

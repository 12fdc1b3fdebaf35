import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks the types of everything; a build for the demo need not do it a second time.
  typescript: { ignoreBuildErrors: true },
  // The console names itself 127.0.0.1, which the development server would take for another origin.
  allowedDevOrigins: ["127.0.0.1"],
  // These load .wasm, worker threads or native parts by path and must stay outside the bundle.
  serverExternalPackages: [
    "libpg-query",
    "@cedar-policy/cedar-wasm",
    "bullmq",
    "ioredis",
    "pg",
    "pino",
    "@prisma/client",
    "@prisma/adapter-pg",
  ],
  // Browsers ask for this name of their own accord, whatever the page says.
  rewrites: async () => [{ source: "/favicon.ico", destination: "/icon.svg" }],
  experimental: {
    authInterrupts: true,
    // A page fetched when the pointer reached its link is as good as new for so many seconds.
    staleTimes: { static: 30 },
    optimizePackageImports: ["lucide-react", "radix-ui"],
  },
};

export default config;

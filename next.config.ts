import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
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
  experimental: { authInterrupts: true, optimizePackageImports: ["lucide-react", "radix-ui"] },
};

export default config;

import { readFileSync } from "node:fs";

export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** Where an upstream is and how to log in, from its connection URI. */
export type UpstreamAddress = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  sslMode: SslMode;
  /** PEM of the authorities that may have signed its certificate; null: the system's */
  rootCertificates: string | null;
};

const sslModes: SslMode[] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** @throws Error that names the fault and never the URI */
export function readUpstreamUrl(text: string): UpstreamAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new Error("the upstream's address is not a postgres:// URI");
  }
  const sslMode = (url.searchParams.get("sslmode") ?? "prefer") as SslMode;
  if (!sslModes.includes(sslMode)) throw new Error("the upstream's address has an unknown sslmode");
  const rootFile = url.searchParams.get("sslrootcert");
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1") || url.searchParams.get("host") || "127.0.0.1";
  const user = decodeURIComponent(url.username);
  return {
    host,
    port: url.port === "" ? 5432 : Number(url.port),
    user,
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    sslMode,
    rootCertificates: rootFile === null || rootFile === "system" ? null : readFileSync(rootFile, "utf8"),
  };
}

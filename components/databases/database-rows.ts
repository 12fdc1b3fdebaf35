/** A registered upstream as pages show it; times are ISO 8601, credentials are never part of it. */
export type DatabaseRow = {
  name: string;
  /** host:port/dbname */
  address: string;
  labels: Record<string, string>;
  roleGroups: string[];
  relations: number | null;
  functions: number | null;
  serverVersion: number | null;
  catalogHash: string | null;
  syncedAt: string | null;
  syncError: string | null;
  createdAt: string;
};

/** `180004` is PostgreSQL 18.4. */
export function formatServerVersion(version: number): string {
  return `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`;
}

/** Labels as they are typed, one `key=value` per line, in the order of their keys. */
export function formatLabels(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join("\n");
}

/** Reads `key=value` pairs divided by spaces, commas or lines. */
export function parseLabels(text: string): { labels: Record<string, string> } | { fault: string } {
  const labels: Record<string, string> = {};
  for (const pair of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const equals = pair.indexOf("=");
    if (equals <= 0 || equals === pair.length - 1)
      return { fault: `“${pair}” is not key=value, such as env=production` };
    labels[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return { labels };
}

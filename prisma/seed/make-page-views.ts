import type { Product } from "./make-orders";
import type { Random } from "./random";
import { pagePaths, userAgents } from "./vocabulary";

export type PageView = {
  viewed_at: string;
  customer_id: number | null;
  path: string;
  ip_address: string;
  user_agent: string;
  referrer: string | null;
};

export type PageViewSource = { customers: number; products: Product[]; count: number };

/** Traffic of 2025. Addresses are of the ranges that are set aside for documentation (RFC 5737, RFC 3849). */
export function makePageViews(random: Random, source: PageViewSource): PageView[] {
  return Array.from({ length: source.count }, () => ({
    viewed_at: random.moment("2025-01-01", "2025-12-31"),
    customer_id: random.chance(0.6) ? random.between(1, source.customers) : null,
    path: random.chance(0.5) ? `/products/${random.pick(source.products).sku.toLowerCase()}` : random.pick(pagePaths),
    ip_address: random.chance(0.8)
      ? `${random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${random.between(1, 254)}`
      : `2001:db8:${random.between(1, 9)}::${random.between(1, 999)}`,
    user_agent: random.pick(userAgents),
    referrer: random.chance(0.3) ? random.pick(["https://search.example/", "https://news.example/gear"]) : null,
  }));
}

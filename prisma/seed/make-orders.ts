import { cardNumber, iban } from "./identifiers";
import type { Address, Customer } from "./make-people";
import type { Random } from "./random";
import { productLines, productVariants } from "./vocabulary";

export type Product = {
  id: number;
  sku: string;
  name: string;
  category: string;
  price: number;
  stock: number;
  active: boolean;
};

export type Order = {
  id: number;
  customer_id: number;
  shipping_address_id: number;
  status: "pending" | "paid" | "shipped" | "delivered" | "cancelled" | "refunded";
  currency: string;
  total: number;
  placed_at: string;
  shipped_at: string | null;
};

export type OrderItem = { order_id: number; line: number; product_id: number; quantity: number; unit_price: number };

export type Payment = {
  id: number;
  order_id: number;
  method: "card" | "sepa" | "invoice";
  amount: number;
  status: "authorised" | "captured" | "failed" | "refunded";
  card_holder: string | null;
  card_number: string | null;
  card_expiry: string | null;
  iban: string | null;
  paid_at: string | null;
};

const dayMs = 86_400_000;
const currencies: Record<string, string> = { GB: "GBP", US: "USD", SE: "SEK" };

export function makeProducts(random: Random): Product[] {
  const products: Product[] = [];
  for (const line of productLines) {
    for (const name of line.names) {
      for (const variant of productVariants) {
        const id = products.length + 1;
        products.push({
          id,
          sku: `NT-${line.category.slice(0, 2).toUpperCase()}-${String(id).padStart(4, "0")}`,
          name: `${variant} ${name}`,
          category: line.category,
          price: random.between(line.from, line.to) - 0.05,
          stock: random.between(0, 240),
          active: random.chance(0.94),
        });
      }
    }
  }
  return products;
}

export type OrderSource = { customers: Customer[]; addresses: Address[]; products: Product[]; count: number };
export type Orders = { orders: Order[]; items: OrderItem[]; payments: Payment[] };

/** Orders in the sequence in which they were placed, each with its lines and, where it came so far, its payment. */
export function makeOrders(random: Random, source: OrderSource): Orders {
  const made: Orders = { orders: [], items: [], payments: [] };
  const addressOf = new Map(source.addresses.map((address) => [address.customer_id, address.id]));
  const moments = Array.from({ length: source.count }, () => random.moment("2023-01-02", "2025-12-20")).sort();
  moments.forEach((placed, index) => {
    const id = index + 1;
    const customer = random.pick(source.customers);
    const items = makeItems(random, id, source.products);
    const total = items.reduce((sum, item) => sum + item.quantity * item.unit_price, 0);
    const status = random.pick([
      "pending",
      "paid",
      "shipped",
      "delivered",
      "delivered",
      "delivered",
      "cancelled",
      "refunded",
    ] as const);
    const left = status === "shipped" || status === "delivered" || status === "refunded";
    const order: Order = {
      id,
      customer_id: customer.id,
      shipping_address_id: addressOf.get(customer.id) ?? 1,
      status,
      currency: currencies[customer.country] ?? "EUR",
      total: Math.round(total * 100) / 100,
      placed_at: placed,
      shipped_at: left ? later(placed, random.between(1, 5)) : null,
    };
    made.orders.push(order);
    made.items.push(...items);
    if (status !== "pending")
      made.payments.push(makePayment(random, { order, customer, id: made.payments.length + 1 }));
  });
  return made;
}

function makeItems(random: Random, orderId: number, products: Product[]): OrderItem[] {
  return Array.from({ length: random.pick([1, 1, 2, 2, 3, 4, 5]) }, (_, index) => {
    const product = random.pick(products);
    return {
      order_id: orderId,
      line: index + 1,
      product_id: product.id,
      quantity: random.pick([1, 1, 1, 2, 3]),
      unit_price: product.price,
    };
  });
}

function makePayment(
  random: Random,
  { order, customer, id }: { order: Order; customer: Customer; id: number },
): Payment {
  const method = random.pick(["card", "card", "card", "sepa", "invoice"] as const);
  const status =
    order.status === "refunded"
      ? "refunded"
      : order.status === "cancelled"
        ? random.pick(["failed", "refunded"] as const)
        : "captured";
  const card = method === "card";
  return {
    id,
    order_id: order.id,
    method,
    amount: order.total,
    status,
    card_holder: card ? customer.name : null,
    card_number: card ? cardNumber(random) : null,
    card_expiry: card ? `${String(random.between(1, 12)).padStart(2, "0")}/${random.between(26, 30)}` : null,
    iban: method === "sepa" ? iban(random, "DE") : null,
    paid_at: status === "failed" ? null : later(order.placed_at, random.between(0, 2)),
  };
}

function later(moment: string, days: number): string {
  return new Date(Date.parse(moment) + days * dayMs).toISOString();
}

import type { Order } from "./make-orders";
import type { Customer, Employee } from "./make-people";
import type { Random } from "./random";

export type Ticket = {
  id: number;
  customer_id: number;
  order_id: number | null;
  assigned_to: number | null;
  subject: string;
  body: string;
  status: "open" | "waiting" | "solved";
  priority: number;
  opened_at: string;
  solved_at: string | null;
};

type Facts = { name: string; email: string; phone: string; order: number };
type Topic = { subject: string; body: (facts: Facts) => string };

/** People write their names, addresses and numbers into free text; so do these. */
const topics: Topic[] = [
  {
    subject: "Parcel has not arrived",
    body: (f) =>
      `Hello, order ${f.order} was due last Tuesday and the tracking page has not moved since. Please call me on ${f.phone}, I am at home after five. ${f.name}`,
  },
  {
    subject: "Wrong size delivered",
    body: (f) =>
      `I ordered a medium and got a large (order ${f.order}). Can you send the label for the return to ${f.email}? Thanks, ${f.name}`,
  },
  {
    subject: "Change my e-mail address",
    body: (f) =>
      `Please move my account to ${f.email}, the old address no longer works. You may ring ${f.phone} to check that it is really me.`,
  },
  {
    subject: "Invoice needs our VAT number",
    body: (f) =>
      `Our accountant needs a corrected invoice for order ${f.order}. Send it to ${f.email} and copy accounts@example.org, please.`,
  },
  {
    subject: "Zip is broken after two weeks",
    body: (f) =>
      `The zip of the jacket from order ${f.order} came apart on the second trip. Photos are attached. Best reached by phone: ${f.phone}.`,
  },
  {
    subject: "Charged twice",
    body: (f) =>
      `My statement shows the payment for order ${f.order} two times. Please look into it and answer to ${f.email}. ${f.name}`,
  },
  {
    subject: "Question about waterproofing",
    body: (f) => `Which spray do you suggest for the rain shell? No hurry at all. Regards, ${f.name}`,
  },
  {
    subject: "Delete my account",
    body: (f) =>
      `Under the GDPR I ask you to erase all data you hold on ${f.name}, ${f.email}, ${f.phone}. Please confirm in writing.`,
  },
];

export type TicketSource = { customers: Customer[]; orders: Order[]; employees: Employee[]; count: number };

export function makeTickets(random: Random, source: TicketSource): Ticket[] {
  const carers = source.employees.filter((employee) => employee.department === "Customer Care");
  const byId = new Map(source.customers.map((customer) => [customer.id, customer]));
  return Array.from({ length: source.count }, (_, index) => {
    const order = random.pick(source.orders);
    const customer = byId.get(order.customer_id) as Customer;
    const topic = random.pick(topics);
    const status = random.pick(["open", "waiting", "solved", "solved", "solved"] as const);
    const opened = random.moment(order.placed_at, "2025-12-31");
    return {
      id: index + 1,
      customer_id: customer.id,
      order_id: random.chance(0.9) ? order.id : null,
      assigned_to: status === "open" ? null : random.pick(carers).id,
      subject: topic.subject,
      body: topic.body({
        name: customer.name,
        email: customer.email,
        phone: customer.phone ?? "+49 30 23125 000",
        order: order.id,
      }),
      status,
      priority: random.between(1, 4),
      opened_at: opened,
      solved_at: status === "solved" ? random.moment(opened, "2026-01-10") : null,
    };
  });
}

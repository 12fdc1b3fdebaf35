import { phone, taxId } from "./identifiers";
import type { Random } from "./random";
import { departments, familyNames, givenNames, mailDomains, places, streets } from "./vocabulary";

export type Customer = {
  id: number;
  name: string;
  email: string;
  phone: string | null;
  date_of_birth: string | null;
  tax_id: string | null;
  country: string;
  loyalty_tier: string;
  marketing_consent: boolean;
  created_at: string;
};

export type Address = {
  id: number;
  customer_id: number;
  kind: "billing" | "shipping";
  recipient: string;
  street: string;
  postal_code: string;
  city: string;
  country: string;
};

export type Employee = {
  id: number;
  name: string;
  email: string;
  phone: string;
  job_title: string;
  department: string;
  manager_id: number | null;
  salary: number;
  national_id: string;
  date_of_birth: string;
  hired_on: string;
};

export function makeCustomers(random: Random, count: number): { customers: Customer[]; addresses: Address[] } {
  const customers: Customer[] = [];
  const addresses: Address[] = [];
  for (let id = 1; id <= count; id += 1) {
    const place = random.pick(places);
    const name = fullName(random);
    customers.push({
      id,
      name,
      email: `${mailName(name)}${id}@${random.pick(mailDomains)}`,
      phone: random.chance(0.85) ? phone(random, place.country) : null,
      date_of_birth: random.chance(0.9) ? random.moment("1948-01-01", "2005-12-31").slice(0, 10) : null,
      tax_id: random.chance(0.3) ? taxId(random, place.country) : null,
      country: place.country,
      loyalty_tier: random.pick(["standard", "standard", "standard", "silver", "gold"]),
      marketing_consent: random.chance(0.4),
      created_at: random.moment("2021-03-01", "2023-01-01"),
    });
    const kinds = random.chance(0.35) ? (["billing", "shipping"] as const) : (["shipping"] as const);
    for (const kind of kinds) {
      addresses.push({
        id: addresses.length + 1,
        customer_id: id,
        kind,
        recipient: name,
        street: `${random.pick(streets)} ${random.between(1, 180)}`,
        postal_code: place.postal,
        city: place.city,
        country: place.country,
      });
    }
  }
  return { customers, addresses };
}

export function makeEmployees(random: Random, count: number): Employee[] {
  return Array.from({ length: count }, (_, index) => {
    const id = index + 1;
    const department = departments[index % departments.length] ?? departments[0];
    const name = fullName(random);
    return {
      id,
      name,
      email: `${mailName(name)}.${id}@northtrail.example`,
      phone: phone(random, "DE"),
      job_title: random.pick<string>(department.titles),
      department: department.name,
      // The first of each department leads it, the very first of all leads those.
      manager_id: id === 1 ? null : id <= departments.length ? 1 : (index % departments.length) + 1,
      salary: random.between(department.from / 100, department.to / 100) * 100,
      national_id: `${random.digits(2)}-${random.digits(6)}-${random.digits(3)}`,
      date_of_birth: random.moment("1960-01-01", "2003-12-31").slice(0, 10),
      hired_on: random.moment("2016-01-01", "2025-06-30").slice(0, 10),
    };
  });
}

function fullName(random: Random): string {
  return `${random.pick(givenNames)} ${random.pick(familyNames).replace("\u00a0", " ")}`;
}

/** "Chloé de Vries" → "chloe.de.vries" */
function mailName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ı", "i")
    .normalize("NFD")
    .replace(/[^a-z ]/g, "")
    .replaceAll(" ", ".");
}

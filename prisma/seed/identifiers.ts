import type { Random } from "./random";

/** A card number of the right length whose check digit is valid (Luhn), under prefixes that no bank issues. */
export function cardNumber(random: Random): string {
  const body = `${random.pick(["400000", "555555", "424242"])}${random.digits(9)}`;
  return body + luhnDigit(body);
}

/** An IBAN with a valid checksum (ISO 13616) over an invented bank code. */
export function iban(random: Random, country: string): string {
  const account = random.digits(18);
  const numeric = `${account}${[...country].map((letter) => letter.charCodeAt(0) - 55).join("")}00`;
  const check = 98n - (BigInt(numeric) % 97n);
  return `${country}${String(check).padStart(2, "0")}${account}`;
}

/** Numbers of ranges that regulators keep free for fiction, or that are too short to be dialled. */
export function phone(random: Random, country: string): string {
  if (country === "US") return `+1 ${random.pick(["212", "312", "415", "617"])} 555 01${random.digits(2)}`;
  if (country === "GB") return `+44 20 7946 0${random.digits(3)}`;
  const prefix =
    { DE: "+49 30 23125", FR: "+33 1 99 00", NL: "+31 20 555", SE: "+46 8 465 004" }[country] ?? "+49 40 66969";
  return `${prefix} ${random.digits(3)}`;
}

export function taxId(random: Random, country: string): string {
  if (country === "US") return `9${random.digits(2)}-${random.digits(2)}-${random.digits(4)}`;
  return `${country}${random.digits(country === "GB" ? 9 : 10)}`;
}

function luhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

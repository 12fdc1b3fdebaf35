import { escapeHtml, page } from "./page";
import type { DemoPerson } from "./people";

/** One button per person. `action` is the path that takes the choice. */
export function signInPage(people: DemoPerson[], action: string): string {
  const buttons = people.map(
    (person) => `<button class="card" name="email" value="${escapeHtml(person.email)}">
      <strong>${escapeHtml(person.name)}</strong>
      <span>${escapeHtml([person.role, ...person.groups].join(" · "))}: ${escapeHtml(person.duty)}</span></button>`,
  );
  return page(
    "Sign in to the demo as …",
    `<p>This stands in for your company's identity provider.</p><form method="post" action="${escapeHtml(action)}">${buttons.join("\n")}</form>`,
  );
}

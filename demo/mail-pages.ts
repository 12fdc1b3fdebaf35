import type { SunkMessage } from "./mail-sink";
import { escapeHtml, page } from "./page";

/** The inbox. It does not reload by itself: a page that moves while being read is worse than one F5. */
export function mailListPage(messages: SunkMessage[]): string {
  if (messages.length === 0) {
    return page("Mail", "<p>Nothing yet. When a statement is held, its reviewers get a message here.</p>");
  }
  const items = messages.map(
    (message) => `<li><a class="card" href="/messages/${message.id}"><strong>${escapeHtml(message.subject)}</strong>
      <span>to ${escapeHtml(message.to.join(", "))} · ${time(message.receivedAt)}</span></a></li>`,
  );
  return page("Mail", `<p>Everything that the demo sent, newest first.</p><ul>${items.join("\n")}</ul>`);
}

/** One message as text, its links alive. The HTML part stays in the JSON: this page needs no sandbox. */
export function mailPage(message: SunkMessage): string {
  const facts = [
    ["From", message.from],
    ["To", message.to.join(", ")],
    ["At", time(message.receivedAt)],
  ].map(([name = "", value = ""]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  const text = escapeHtml(message.text).replace(
    /https?:\/\/[^\s<]+/g,
    (link) => `<a href="${link}" rel="noreferrer">${link}</a>`,
  );
  return page(message.subject, `<p><a href="/">All mail</a></p><dl>${facts.join("")}</dl><pre>${text}</pre>`);
}

function time(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

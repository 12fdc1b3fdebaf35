import type { ApprovalMessage } from "./approval-message";

export type Mail = { subject: string; text: string; html: string };

/** Text and HTML of a message. The subject carries names of ours only: subjects end up in logs and lock screens. */
export function approvalMail(message: ApprovalMessage): Mail {
  const { title, lead, facts, statement, link, linkLabel } = message;
  const text = [
    lead,
    "",
    ...facts.map(({ label, value }) => `${label}: ${oneLine(value)}`),
    "",
    "Statement, values left out:",
    statement,
    "",
    `${linkLabel}: ${link}`,
    "",
    "Opening the link decides nothing. You sign in, see the whole statement, and decide there.",
    "",
  ].join("\n");
  return { subject: oneLine(title), text, html: htmlOf(message, { lead, link }) };
}

function htmlOf(
  { facts, statement, linkLabel }: ApprovalMessage,
  { lead, link }: { lead: string; link: string },
): string {
  const rows = facts
    .map(
      ({ label, value }) =>
        `<tr><td style="padding:2px 16px 2px 0;color:#666;vertical-align:top">${escapeHtml(label)}</td>` +
        `<td style="padding:2px 0">${escapeHtml(value)}</td></tr>`,
    )
    .join("");
  return `<!doctype html>
<html><body style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#111;max-width:640px">
<p>${escapeHtml(lead)}</p>
<table style="border-collapse:collapse;font-size:14px">${rows}</table>
<p style="margin-bottom:4px;color:#666">Statement, values left out</p>
<pre style="background:#f4f4f5;padding:12px;border-radius:6px;white-space:pre-wrap;font-size:13px">${escapeHtml(statement)}</pre>
<p><a href="${escapeHtml(link)}" style="display:inline-block;background:#111;color:#fff;padding:10px 16px;border-radius:6px;text-decoration:none">${escapeHtml(linkLabel)}</a></p>
<p style="color:#666;font-size:13px">Opening the link decides nothing. You sign in, see the whole statement, and decide there.</p>
</body></html>
`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Line breaks and other control characters could forge headers or further lines. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

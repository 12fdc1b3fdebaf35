const style = `
  :root { color-scheme: light dark; --ink: #1b2430; --dim: #5b6675; --line: #d5dbe3; --ground: #f6f7f9; --card: #fff; --accent: #1f4e8c; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e4e9f0; --dim: #9aa6b5; --line: #323c49; --ground: #12171e; --card: #1a212a; --accent: #8ab4f0; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
  main { max-width: 720px; margin: 0 auto; padding: 48px 20px; }
  h1 { font-size: 21px; margin: 0 0 4px; }
  p { margin: 0 0 20px; color: var(--dim); }
  a { color: var(--accent); }
  ul { list-style: none; margin: 0; padding: 0; }
  .card { display: block; width: 100%; text-align: left; font: inherit; color: inherit; text-decoration: none; background: var(--card);
    border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; margin: 0 0 8px; }
  button.card { cursor: pointer; }
  .card:hover, .card:focus-visible { border-color: var(--accent); outline: 2px solid transparent; }
  .card:focus-visible { outline-color: var(--accent); outline-offset: 1px; }
  .card strong { display: block; font-weight: 600; }
  .card span { color: var(--dim); }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0 0 20px; }
  dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 16px; margin: 0; font: 14px/1.5 ui-monospace, monospace; }
`;

/** A whole page of the demo's own little servers. `body` is HTML; the title is text. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body>
</html>`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

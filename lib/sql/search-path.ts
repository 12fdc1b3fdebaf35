/** A search_path as SHOW prints it, as a list: quotes undone, case folded where there were none. */
export function readSearchPath(text: string): string[] {
  const parts: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,"]+?))\s*(?:,|$)/gy;
  for (let match = pattern.exec(text); match !== null && pattern.lastIndex <= text.length; match = pattern.exec(text)) {
    const [all, quoted, plain] = match;
    if (all === "") break;
    const name = quoted === undefined ? (plain ?? "").toLowerCase() : quoted.replaceAll('""', '"');
    if (name !== "") parts.push(name);
    if (pattern.lastIndex >= text.length) break;
  }
  return parts;
}

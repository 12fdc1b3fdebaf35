export type DiffLine = { kind: "same" | "added" | "removed"; text: string };

/** Edits further apart than this are shown as one block taken out and one put in: finding the best takes too long. */
const editsMax = 800;

/** The lines of two texts with the fewest edits between them (Myers 1986). */
export function diffLines(before: string, after: string): DiffLine[] {
  const from = linesOf(before);
  const to = linesOf(after);
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  const middle = diffMiddle(from.slice(start, from.length - end), to.slice(start, to.length - end));
  const same = (text: string): DiffLine => ({ kind: "same", text });
  return [...from.slice(0, start).map(same), ...middle, ...from.slice(from.length - end).map(same)];
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function diffMiddle(from: string[], to: string[]): DiffLine[] {
  const trace = walk(from, to);
  if (trace === null) {
    return [
      ...from.map((text): DiffLine => ({ kind: "removed", text })),
      ...to.map((text): DiffLine => ({ kind: "added", text })),
    ];
  }
  const lines: DiffLine[] = [];
  let x = from.length;
  let y = to.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reached = trace[edits] as Map<number, number>;
    const k = x - y;
    const down = k === -edits || (k !== edits && at(reached, k - 1) < at(reached, k + 1));
    const previousK = down ? k + 1 : k - 1;
    const previousX = edits === 0 ? 0 : at(reached, previousK);
    const previousY = edits === 0 ? 0 : previousX - previousK;
    while (x > previousX && y > previousY) {
      x -= 1;
      y -= 1;
      lines.push({ kind: "same", text: from[x] as string });
    }
    if (edits === 0) break;
    if (down) lines.push({ kind: "added", text: to[--y] as string });
    else lines.push({ kind: "removed", text: from[--x] as string });
  }
  return lines.reverse();
}

/** How far each diagonal was reached before each edit; null beyond `editsMax`. */
function walk(from: string[], to: string[]): Map<number, number>[] | null {
  const trace: Map<number, number>[] = [];
  const reached = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(from.length + to.length, editsMax); edits += 1) {
    trace.push(new Map(reached));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reached, k - 1) < at(reached, k + 1));
      let x = down ? at(reached, k + 1) : at(reached, k - 1) + 1;
      let y = x - k;
      while (x < from.length && y < to.length && from[x] === to[y]) {
        x += 1;
        y += 1;
      }
      reached.set(k, x);
      if (x >= from.length && y >= to.length) return trace;
    }
  }
  return null;
}

function at(reached: Map<number, number>, k: number): number {
  return reached.get(k) ?? -1;
}

/** A run of lines to show, or how many equal ones are left out. Numbers are 1-based; null where a side has none. */
export type DiffHunk = { skipped: number } | { lines: (DiffLine & { before: number | null; after: number | null })[] };

const contextLines = 3;

/** The changed lines with a few around them; what is equal further away is counted. */
export function diffHunks(lines: DiffLine[]): DiffHunk[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let each = index - contextLines; each <= index + contextLines; each += 1) near.add(each);
  });
  const hunks: DiffHunk[] = [];
  let before = 0;
  let after = 0;
  lines.forEach((line, index) => {
    if (line.kind !== "added") before += 1;
    if (line.kind !== "removed") after += 1;
    const last = hunks.at(-1);
    if (!near.has(index)) {
      if (last !== undefined && "skipped" in last) last.skipped += 1;
      else hunks.push({ skipped: 1 });
      return;
    }
    const numbered = {
      ...line,
      before: line.kind === "added" ? null : before,
      after: line.kind === "removed" ? null : after,
    };
    if (last !== undefined && "lines" in last) last.lines.push(numbered);
    else hunks.push({ lines: [numbered] });
  });
  return hunks;
}

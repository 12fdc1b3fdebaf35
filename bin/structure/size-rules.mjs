const fileLinesMax = 350;
const functionLinesMax = 60;
const medianLinesMax = 80;
const ninetiethLinesMax = 220;

/** Long files and functions, and a code base whose files grow on the whole. */
export function sizeFaults(files) {
  const sources = files.filter(({ test }) => !test);
  return [...files.flatMap(longFile), ...sources.flatMap(longFunctions), ...spread(sources)];
}

function longFile(file) {
  const lines = countLines(file.text);
  return lines > fileLinesMax ? [{ file: file.path, line: 0, message: `${lines} lines; at most ${fileLinesMax}` }] : [];
}

function longFunctions(file) {
  const faults = [];
  walk(file.program, (node) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
    const [first, last] = [file.lineAt(node.start), file.lineAt(node.end)];
    const lines = last - first + 1;
    if (lines > functionLinesMax)
      faults.push({
        file: file.path,
        line: first,
        message: `a function of ${lines} lines; at most ${functionLinesMax}`,
      });
  });
  return faults;
}

function spread(files) {
  const sizes = files.map(({ text }) => countLines(text)).sort((a, b) => a - b);
  const at = (share) => sizes[Math.floor((sizes.length - 1) * share)] ?? 0;
  const faults = [];
  if (at(0.5) > medianLinesMax)
    faults.push({
      file: "(all files)",
      line: 0,
      message: `the median file has ${at(0.5)} lines; at most ${medianLinesMax}`,
    });
  if (at(0.9) > ninetiethLinesMax)
    faults.push({
      file: "(all files)",
      line: 0,
      message: `nine of ten files have up to ${at(0.9)} lines; at most ${ninetiethLinesMax}`,
    });
  return faults;
}

function countLines(text) {
  return text.trimEnd().split("\n").length;
}

function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
  } else if (node && typeof node === "object") {
    if (typeof node.type === "string") visit(node);
    for (const value of Object.values(node)) if (value && typeof value === "object") walk(value, visit);
  }
}

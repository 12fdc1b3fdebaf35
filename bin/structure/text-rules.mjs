import { under } from "./import-rules.mjs";

const pure = [
  "lib/sql",
  "lib/policy",
  "lib/masking",
  "lib/approval",
  "lib/audit",
  "lib/evidence",
  "lib/access",
  "broker/protocol",
];
const product = ["app", "components", "lib", "broker", "workers", "demo", "prisma", "bin"];

const rules = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    in: pure,
    message: "time is an argument of pure code",
  },
  {
    pattern: /\bMath\.random\(|\bcrypto\.random|import .*\brandom\w+.* from "node:crypto"/,
    in: pure,
    message: "randomness is an argument of pure code",
  },
  { pattern: /\bprocess\.env\b/, in: product, but: "lib/env", message: "only lib/env.ts reads process.env" },
];

/** What code may not do, where an import does not show it. Tests and the scripts that run before anything is installed aside. */
export function textFaults(files) {
  return files.filter(({ test, path }) => !test && !path.endsWith(".mjs")).flatMap(faultsOf);
}

function faultsOf(file) {
  const lines = file.text.split("\n");
  return rules
    .filter((rule) => rule.in.some((part) => under(file.path, part)) && !(rule.but && under(file.path, rule.but)))
    .flatMap(({ pattern, message }) =>
      lines.flatMap((text, index) =>
        pattern.test(text.replace(/^\s*(\/\/|\*|\/\*).*/, "")) ? [{ file: file.path, line: index + 1, message }] : [],
      ),
    );
}

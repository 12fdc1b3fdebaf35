import {
  infoFunctions,
  pureFunctions,
  serverAccessFamilies,
  serverAccessFunctions,
  settingFunctions,
  sleepFunctions,
  sourceFunctions,
  sqlInStringFunctions,
  stateSinkFunctions,
} from "./functions-table";

/**
 * What calling a function of pg_catalog can do. `pure`, `info` and `source` pass unasked, and so does `setting` (read
 * access to settings) with a literal name; every other class asks `call`. For a principal with masks only `pure` and
 * `info` pass.
 */
export type FunctionClass =
  | "pure"
  | "info"
  | "setting"
  | "source"
  | "stateSink"
  | "sqlInString"
  | "serverAccess"
  | "sleep"
  | "unknown";

const lists: [FunctionClass, string][] = [
  ["pure", pureFunctions],
  ["info", infoFunctions],
  ["setting", settingFunctions],
  ["source", sourceFunctions],
  ["stateSink", stateSinkFunctions],
  ["sqlInString", sqlInStringFunctions],
  ["serverAccess", serverAccessFunctions],
  ["sleep", sleepFunctions],
];

const classes = new Map<string, FunctionClass>();
for (const [functionClass, names] of lists) {
  for (const name of names.trim().split(/\s+/)) {
    if (classes.has(name)) throw new Error(`function ${name} has two classes`);
    classes.set(name, functionClass);
  }
}

/** Class of a pg_catalog function by its name, as the parser spells it. What is not listed is unknown. */
export function functionClass(name: string): FunctionClass {
  const known = classes.get(name);
  if (known !== undefined) return known;
  return serverAccessFamilies.some((family) => family.test(name)) ? "serverAccess" : "unknown";
}

/** Every listed name, for the test against the server. */
export function listedFunctions(): string[] {
  return [...classes.keys()];
}

/** Functions whose text arguments name relations, settings and the like: a plan that uses one fits its own text only. */
const literalSensitive = new Set(
  `set_config current_setting nextval setval currval regclass to_regclass to_regproc to_regprocedure to_regtype
  to_regrole to_regnamespace to_regoper to_regoperator to_regcollation to_regtypemod pg_get_serial_sequence
  has_table_privilege has_column_privilege has_any_column_privilege`.split(/\s+/),
);

/** Whether a literal argument can change what the call means. Classes that run or reach anything always can. */
export function literalMattersTo(name: string): boolean {
  if (literalSensitive.has(name)) return true;
  const known = functionClass(name);
  return known !== "pure" && known !== "info";
}

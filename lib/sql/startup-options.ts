/** Settings of a start-up packet's `options`, names in lower case with `-` read as `_`; the last of a name wins. */
export type StartupOptions = { settings: Record<string, string> } | { fault: string };

/** The server splits no more than this many arguments out of `options`. */
const argumentsMax = 256;

/**
 * Reads `options` as the server does (postgres.c, process_postgres_switches): arguments split at white space, a
 * backslash takes the next character as it is; `-c name=value`, `-cname=value` and `--name=value`. The server's other
 * switches are not passed on and come back as a fault.
 */
export function parseStartupOptions(options: string): StartupOptions {
  const list = splitArguments(options);
  if (list.length > argumentsMax) return { fault: `more than ${argumentsMax} arguments in options` };
  const settings = new Map<string, string>();
  for (let index = 0; index < list.length; index++) {
    const argument = list[index] as string;
    let assignment: string;
    if (argument.startsWith("--")) {
      assignment = argument.slice(2);
    } else if (argument === "-c") {
      index++;
      if (index === list.length) return { fault: "option -c requires an argument" };
      assignment = list[index] as string;
    } else if (argument.startsWith("-c")) {
      assignment = argument.slice(2);
    } else {
      return { fault: `invalid command-line argument for server process: ${argument}` };
    }
    const equals = assignment.indexOf("=");
    if (equals <= 0) return { fault: `option ${argument} requires a name and a value` };
    settings.set(assignment.slice(0, equals).replaceAll("-", "_").toLowerCase(), assignment.slice(equals + 1));
  }
  return { settings: Object.fromEntries(settings) };
}

/** pg_split_opts of the server. A backslash at the very end is dropped. */
function splitArguments(options: string): string[] {
  const list: string[] = [];
  let current: string | null = null;
  for (let index = 0; index < options.length; index++) {
    const character = options[index] as string;
    if (/[ \t\n\r\f\v]/.test(character)) {
      if (current !== null) list.push(current);
      current = null;
    } else if (character === "\\") {
      index++;
      current = (current ?? "") + (options[index] ?? "");
    } else {
      current = (current ?? "") + character;
    }
  }
  if (current !== null) list.push(current);
  return list;
}

import { changeKept, type KeptSettings, noKeptSettings } from "@/lib/kept-settings";
import { pinnedAccepts, settingClass } from "@/lib/sql/settings";
import { parseStartupOptions } from "@/lib/sql/startup-options";
import { sqlstate } from "./protocol/sqlstate";

export type StartupSettings =
  | {
      ok: true;
      user: string;
      database: string;
      applicationName: string;
      kept: KeptSettings;
      /** for the upstream's start-up packet, the pinned ones included */
      upstream: [string, string][];
    }
  | { ok: false; sqlstate: string; message: string };

/** In force on both legs: otherwise the parser and the server would read different statements. */
const pinnedSettings: [string, string][] = [
  ["client_encoding", "UTF8"],
  ["standard_conforming_strings", "on"],
  ["transform_null_equals", "off"],
];
const falseWords = new Set(["false", "off", "no", "0"]);
/** SQL_ASCII is what libpq says in the C locale: it means that the client converts nothing. */
const encodingsAccepted = new Set(["utf8", "unicode", "sqlascii"]);
const applicationNameBytesMax = 63;

/** Reads the keys of a start-up packet: who, where, and which settings go on to the upstream. */
export function readStartupSettings(parameters: Map<string, string>): StartupSettings {
  const user = parameters.get("user") ?? "";
  const database = parameters.get("database") ?? "";
  if (user === "") return refused(sqlstate.invalidAuthorization, "no PostgreSQL user name specified in startup packet");
  if (database === "") return refused(sqlstate.invalidCatalogName, "no database name specified in startup packet");
  const replication = parameters.get("replication");
  if (replication !== undefined && !falseWords.has(replication.toLowerCase())) {
    return refused(sqlstate.featureNotSupported, "replication connections are not supported under governance");
  }
  const options = parseStartupOptions(parameters.get("options") ?? "");
  if ("fault" in options) return refused(sqlstate.syntaxError, options.fault);
  const settings = new Map(Object.entries(options.settings));
  for (const [name, value] of parameters) {
    if (!["user", "database", "replication", "options"].includes(name)) settings.set(name.toLowerCase(), value);
  }
  return sortSettings(settings, { user, database });
}

function sortSettings(settings: Map<string, string>, who: { user: string; database: string }): StartupSettings {
  let kept = noKeptSettings();
  const upstream: [string, string][] = [];
  // Break-glass asks for a reason, which may stand behind it.
  const ordered = [...settings].sort(
    ([a], [b]) => Number(a.endsWith("break_glass")) - Number(b.endsWith("break_glass")),
  );
  for (const [name, value] of ordered) {
    if (name === "client_encoding") {
      if (!encodingsAccepted.has(value.toLowerCase().replace(/[^a-z0-9]/g, ""))) {
        return refused(sqlstate.invalidParameterValue, `client_encoding "${value}" is not supported: use UTF8`);
      }
      continue;
    }
    switch (settingClass(name)) {
      case "free":
        upstream.push([name, value]);
        break;
      case "handled":
        if (name !== "search_path")
          return refused(sqlstate.insufficientPrivilege, `"${name}" cannot be set by clients`);
        upstream.push([name, value]);
        break;
      case "pinned":
        if (!pinnedAccepts(name, value)) {
          return refused(sqlstate.invalidParameterValue, `invalid value for parameter "${name}": it cannot be changed`);
        }
        break;
      case "brokerKept": {
        const changed = changeKept(kept, name, value);
        if (!changed.ok) return refused(sqlstate.invalidParameterValue, changed.message);
        kept = changed.kept;
        break;
      }
      case "refused":
        return refused(sqlstate.insufficientPrivilege, `permission denied to set parameter "${name}"`);
    }
  }
  const applicationName = (settings.get("application_name") ?? "").slice(0, applicationNameBytesMax);
  return { ok: true, ...who, applicationName, kept, upstream: [...upstream, ...pinnedSettings] };
}

function refused(code: string, message: string): StartupSettings {
  return { ok: false, sqlstate: code, message };
}

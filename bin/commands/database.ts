import { type Command, Option } from "commander";

import { AppError } from "@/lib/errors";
import { listDatabases, putDatabase } from "@/lib/store/databases";
import { syncCatalog } from "@/lib/store/sync-catalog";
import { repeatable } from "./option-values";
import { printTable, printTime } from "./print-table";
import { addCommand, addGroupCommand, type Outcome } from "./run-command";
import { administrator } from "./who";

type AddOptions = { url: string; label: string[]; role: string[] };

export function addDatabaseCommands(program: Command): void {
  const database = addGroupCommand(program, { name: "database", summary: "upstream databases" });
  addCommand<AddOptions>(database, {
    usage: "add <name>",
    summary: "register an upstream, or replace the one of that name, and read its catalog",
    options: [
      new Option("--url <url>", "postgres://user:password@host:port/dbname; kept encrypted").makeOptionMandatory(),
      repeatable("--label <key=value>", "a label that policies can name; repeatable"),
      repeatable(
        "--role <group=role>",
        "sessions of the group log in as another role: ROLE, ROLE:PASSWORD or a whole URL; repeatable",
      ),
    ],
    run: ({ args: [name = ""], options }) => add(name, options),
  });
  addCommand(database, {
    usage: "sync <name>",
    summary: "read an upstream's catalog again",
    async run({ args: [name = ""] }) {
      return syncOutcome(name, await syncCatalog(name, await administrator("database.write")));
    },
  });
  addCommand(database, {
    usage: "list",
    summary: "list upstreams, without credentials",
    async run() {
      const databases = await listDatabases();
      const rows = databases.map(({ name, address, labels, relations, syncedAt, syncError }) => [
        name,
        address,
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(" "),
        String(relations ?? "-"),
        syncError ?? printTime(syncedAt),
      ]);
      return { document: databases, text: printTable(["name", "address", "labels", "relations", "catalog"], rows) };
    },
  });
}

async function add(name: string, { url, label, role }: AddOptions): Promise<Outcome> {
  const by = await administrator("database.write");
  const labels = Object.fromEntries(label.map((text) => splitPair(text, "--label key=value")));
  const roles = role
    .map((text) => splitPair(text, "--role group=role"))
    .map(([group, login]) => ({ group, url: roleUrl(url, login) }));
  const { replaced } = await putDatabase({ name, url, labels, roles }, by);
  const synced = syncOutcome(name, await syncCatalog(name, by));
  const done = replaced ? "replaced" : "added";
  const document = { name, replaced, ...(synced.document as object) };
  return { document, text: `${done} ${name}; ${synced.text}`, exitCode: synced.exitCode };
}

function syncOutcome(name: string, result: Awaited<ReturnType<typeof syncCatalog>>): Outcome {
  const document = { name, ...result };
  if (result.outcome === "failed") {
    return { document, text: `the catalog of ${name} could not be read: ${result.error}`, exitCode: 1 };
  }
  const { relations, functions, changed } = result;
  return { document, text: `${relations} relations, ${functions} functions${changed ? "" : ", nothing new"}` };
}

function splitPair(text: string, form: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1 || equals === text.length - 1) throw new AppError("invalid", `${form} is the form of ${text}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** The upstream's URL with another log-in. */
function roleUrl(url: string, login: string): string {
  if (/^postgres(ql)?:\/\//.test(login)) return login;
  if (!URL.canParse(url)) return url;
  const changed = new URL(url);
  const colon = login.indexOf(":");
  changed.username = encodeURIComponent(colon < 0 ? login : login.slice(0, colon));
  if (colon >= 0) changed.password = encodeURIComponent(login.slice(colon + 1));
  return changed.href;
}

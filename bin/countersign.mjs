#!/usr/bin/env node
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, root, runSetup } from "./bootstrap.mjs";

// `up` and `serve console` need the console; no other command waits for its build.
const wantsConsole = process.argv[2] === "up" || process.argv.slice(2, 4).join(" ") === "serve console";

await runSetup(() => prepare("client", "programs", ...(wantsConsole ? ["console"] : [])));
await import(pathToFileURL(join(root, "dist/countersign.js")).href);

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, root, runSetup } from "./bootstrap.mjs";

const check = process.argv.includes("--check");

await runSetup(() => prepare("client", "programs", "console"));
if (!check) process.argv.splice(2, 0, "up");
await import(pathToFileURL(join(root, check ? "dist/demo-check.js" : "dist/countersign.js")).href);

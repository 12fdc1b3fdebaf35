import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, root, runSetup } from "./bootstrap.mjs";

await runSetup(() => prepare("client", "programs", "console"));
await import(pathToFileURL(join(root, "dist/bench.js")).href);

// Loaded (`node --import`) into the processes that `countersign up` starts: when the pipe on standard input closes,
// the parent is gone, even by kill -9, and the process ends as if it had been asked to.

import { isMainThread } from "node:worker_threads";

const graceMs = 10_000;

// Worker threads load this too, because they inherit the flag; their standard input is another thing.
if (isMainThread) {
  process.stdin.once("close", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), graceMs).unref();
  });
  process.stdin.on("error", () => {});
  process.stdin.resume();
  process.stdin.unref?.();
}

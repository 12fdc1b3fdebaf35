import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { AppError, errorCodeOf } from "@/lib/errors";

// Below the range from which Linux and macOS take the local ports of outgoing connections.
const ownPorts = { from: 20_000, to: 32_000 };
const attemptsMax = 200;

/**
 * A port that the person named, or for 0 a free one.
 * @throws AppError("invalid") that names the setting where another program has it
 */
export async function claimPort(port: number, setting: string): Promise<number> {
  if (port === 0) return quietPort();
  if (await isFree(port)) return port;
  throw new AppError(
    "invalid",
    `port ${port} is taken by another program: stop that, or start with another ${setting}`,
  );
}

/** A port of our own choice: the one from last time if it is still free. */
export async function quietPort(last?: number): Promise<number> {
  if (last !== undefined && (await isFree(last))) return last;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = randomInt(ownPorts.from, ownPorts.to);
    if (await isFree(port)) return port;
  }
  throw new AppError("invalid", `no free port between ${ownPorts.from} and ${ownPorts.to} on the loopback interface`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      const code = errorCodeOf(error);
      if (code === "EADDRINUSE" || code === "EACCES") resolve(false);
      else reject(error);
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

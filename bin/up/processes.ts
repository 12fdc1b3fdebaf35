import { connect } from "node:net";
import { listHeartbeats } from "@/lib/store/heartbeats";
import type { ChildPlan } from "./children";

type Settings = Record<string, string | undefined>;

const answerMsMax = 2_000;
// PostgreSQL's SSLRequest: length 8, code 80877103. Whatever speaks the protocol answers S or N.
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A broker relays and keeps little: with node's default nursery (16 MiB for each half) most of its resident memory
 * would be garbage that waits.
 */
export const brokerFlags = ["--max-semi-space-size=4"];

export function brokerPlan(env: Settings, { host, port }: { host: string; port: number }): ChildPlan {
  return { name: "broker", args: [...brokerFlags, "dist/broker.js"], env, answers: () => speaksPostgres(host, port) };
}

/** Workers serve nothing; they say in the store that they are alive. */
export function workersPlan(env: Settings): ChildPlan {
  const since = Date.now();
  const answers = async (): Promise<boolean> =>
    (await listHeartbeats()).some(({ id, at }) => id.startsWith("workers/") && at.getTime() >= since);
  return { name: "workers", args: ["dist/workers.js"], env, answers };
}

export function consolePlan(env: Settings, place: { url: string; host: string; port: number }): ChildPlan {
  const { url, host, port } = place;
  return {
    name: "console",
    args: ["node_modules/next/dist/bin/next", "start", "-H", host, "-p", String(port)],
    env,
    answers: () => servesHttp(`http://${host}:${port}`, url),
  };
}

function speaksPostgres(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: answerMsMax });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => socket.write(sslRequest));
    socket.once("data", (data) => settle(data[0] === 0x53 || data[0] === 0x4e));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
    socket.once("timeout", () => settle(false));
  });
}

async function servesHttp(address: string, publicUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/api/health`, {
      redirect: "manual",
      headers: { host: new URL(publicUrl).host },
      signal: AbortSignal.timeout(answerMsMax),
    });
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}

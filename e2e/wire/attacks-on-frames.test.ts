import { describe, expect, it } from "vitest";
import { extended, query } from "../fixtures/attack-database";
import {
  bindMessage,
  cstring,
  errorFields,
  executeMessage,
  flush,
  frame,
  parseMessage,
  RawClient,
  startupMessage,
  sync,
} from "../fixtures/raw-client";
import { principal, stack } from "../fixtures/stack";

const open = async () => RawClient.login({ ...(await stack()).broker, ...(await principal("engineer")) });

/** A linear congruential generator: the same frames in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const texts = [
  "SELECT 1",
  "",
  ";",
  "BEGIN",
  "COMMIT",
  "SELECT 1/0",
  "COPY orders TO STDOUT",
  "no statement",
  "DROP TABLE x",
];
const typeLetters = [..."BCDEFHPQSXcdfp"];

function randomFrame(random: (below: number) => number): Buffer {
  const bytes = (max: number): Buffer => Buffer.from(Array.from({ length: random(max) }, () => random(256)));
  const one = <T>(of: readonly T[]): T => of[random(of.length)]!;
  const named = (type: string): Buffer =>
    frame(type, Buffer.concat([Buffer.from(one(["S", "P", "X"])), cstring(one(["", "a", "p"]))]));
  const makers = [
    () => bytes(30),
    () => parseMessage("SELECT $1::int", one(["", "a"])),
    () => bindMessage(one([["1"], []]), { name: one(["", "a", "unknown"]), portal: one(["", "p"]) }),
    () => executeMessage({ portal: one(["", "p", "unknown"]), rows: random(3) }),
    () => sync,
    () => flush,
    () => query(one(texts)),
    () => frame(one(typeLetters), bytes(40)),
    () => named("D"),
    () => named("C"),
    () => frame(one(["c", "d", "f"]), cstring("x")),
  ];
  return one(makers)();
}

describe("random frames", () => {
  it("end a session or are answered, and harm nobody else", async () => {
    const random = seeded(7);
    for (let round = 0; round < 80; round++) {
      const client = await open();
      const frames = Array.from({ length: 1 + random(12) }, () => randomFrame(random));
      client.send(Buffer.concat([...frames, sync, query("ROLLBACK"), query("SELECT 'the end'")]));
      for (;;) {
        const message = await client.next(); // throws where nothing comes any more
        if (message === null || (message.type === "D" && message.body.includes("the end"))) break;
      }
      client.destroy();
    }
    const after = await open();
    expect((await after.run("SELECT 1")).map(({ type }) => type).join("")).toBe("TDCZ");
    after.destroy();
  });

  it("in the place of a password are a protocol violation", async () => {
    const { broker } = await stack();
    const { user, database } = await principal("engineer");
    const client = await RawClient.open(broker);
    client.send(startupMessage({ user, database }));
    expect((await client.next())?.type).toBe("R");
    client.send(Buffer.from([0xd8, 1, 2, 3, 4, 5]));
    const answer = await client.next();
    expect(errorFields(answer!.body)).toMatchObject({ S: "FATAL", C: "08P01" });
    expect(await client.next()).toBeNull();
  });
});

describe("thousands of messages at once", () => {
  it.each([
    ["statements", Buffer.concat([extended("SELECT 1"), sync]), 3_000],
    ["queries", query("SELECT 1"), 3_000],
    ["refusals", query("DROP TABLE customers"), 1_000],
    ["Syncs", sync, 20_000],
  ])("are answered in their order: %s", async (_what, bytes, count) => {
    const client = await open();
    client.send(Buffer.concat(Array.from({ length: count }, () => bytes)));
    let answered = 0;
    while (answered < count) {
      const message = await client.next();
      if (message === null) break;
      if (message.type === "Z") answered += 1;
    }
    expect(answered).toBe(count);
    client.destroy();
  });
});

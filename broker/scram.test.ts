import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ScramClient } from "./scram-client";
import { mockCandidate, ScramServer, type ScramVerifier, scramIterations } from "./scram-server";

const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");

function verifierOf(tokenId: string, password: string): ScramVerifier {
  const salted = pbkdf2Sync(password, salt, scramIterations, 32, "sha256");
  const key = (label: string) => createHmac("sha256", salted).update(label).digest();
  return { tokenId, storedKey: createHash("sha256").update(key("Client Key")).digest(), serverKey: key("Server Key") };
}

async function exchange(password: string, verifiers: ScramVerifier[], options: { candidateSalt?: Buffer } = {}) {
  const candidate = { salt: options.candidateSalt ?? salt, verifiers };
  const server = new ScramServer({ mechanism: "SCRAM-SHA-256", candidate, channelBinding: null });
  const client = new ScramClient(password);
  const first = server.first(client.first());
  if (!first.ok) throw new Error(first.fault);
  const final = server.final(await client.final(first.reply));
  return { final, client };
}

describe("SCRAM-SHA-256", () => {
  it("answers the example of RFC 7677 to the letter", () => {
    const server = new ScramServer({
      mechanism: "SCRAM-SHA-256",
      candidate: { salt, verifiers: [verifierOf("t", "pencil")] },
      channelBinding: null,
      serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    });
    expect(server.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")).toEqual({
      ok: true,
      reply: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    });
    const proof = "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    const nonce = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    expect(server.final(`c=biws,${nonce},${proof}`)).toEqual({
      outcome: "accepted",
      reply: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
      tokenId: "t",
    });
  });

  it("names the one of several tokens that fits, and proves that it knows it", async () => {
    const verifiers = Array.from({ length: 16 }, (_, index) => verifierOf(`t${index}`, `password ${index}`));
    const { final, client } = await exchange("password 15", verifiers);
    expect(final).toMatchObject({ outcome: "accepted", tokenId: "t15" });
    expect(client.verify((final as { reply: string }).reply)).toBe(true);
    expect(client.verify(`v=${randomBytes(32).toString("base64")}`)).toBe(false);
  });

  it("rejects a wrong token, a principal without tokens and an unknown user alike", async () => {
    expect((await exchange("wrong", [verifierOf("t", "right")])).final).toEqual({ outcome: "rejected" });
    expect((await exchange("right", [])).final).toEqual({ outcome: "rejected" });
    const mock = mockCandidate(Buffer.alloc(32, 1), "nobody");
    expect((await exchange("right", mock.verifiers, { candidateSalt: mock.salt })).final).toEqual({
      outcome: "rejected",
    });
  });

  it("gives an unknown user the same salt every time, and another user another", () => {
    const secret = Buffer.alloc(32, 1);
    expect(mockCandidate(secret, "a")).toEqual(mockCandidate(secret, "a"));
    expect(mockCandidate(secret, "a").salt).not.toEqual(mockCandidate(secret, "b").salt);
    expect(mockCandidate(secret, "a").salt).toHaveLength(16);
  });

  it("binds to the channel and notices when the offer was removed on the way", () => {
    const candidate = { salt, verifiers: [] };
    const channelBinding = Buffer.from("certificate hash");
    const plus = new ScramServer({ mechanism: "SCRAM-SHA-256-PLUS", candidate, channelBinding });
    const first = plus.first("p=tls-server-end-point,,n=,r=abc");
    expect(first.ok).toBe(true);
    const nonce = first.ok ? first.reply.split(",")[0]! : "";
    const bound = Buffer.from("p=tls-server-end-point,,another hash").toString("base64");
    const proof = Buffer.alloc(32).toString("base64");
    expect(plus.final(`c=${bound},${nonce},p=${proof}`)).toEqual({
      outcome: "fault",
      fault: "SCRAM channel binding check failed",
    });
    const plain = new ScramServer({ mechanism: "SCRAM-SHA-256", candidate, channelBinding });
    expect(plain.first("y,,n=,r=abc")).toEqual({ ok: false, fault: "SCRAM channel binding negotiation error" });
  });

  it.each(["", "n", "n,,", "n,,n=u", "n,,r=x", "x,,n=,r=abc", "p=tls-unique,,n=,r=abc", "n,,n=,r=a b"])(
    "refuses the first message %j",
    (message) => {
      const server = new ScramServer({
        mechanism: "SCRAM-SHA-256",
        candidate: { salt, verifiers: [] },
        channelBinding: null,
      });
      expect(server.first(message).ok).toBe(false);
    },
  );

  it("trusts no server that changes the nonce or asks for endless work", async () => {
    const client = new ScramClient("x", "abc");
    await expect(client.final("r=other,s=AAAA,i=4096")).rejects.toThrow("malformed");
    await expect(client.final("r=abcdef,s=AAAA,i=1000000000")).rejects.toThrow("malformed");
    await expect(client.final("r=abc,s=AAAA,i=4096")).rejects.toThrow("malformed");
  });
});

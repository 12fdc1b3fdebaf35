import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import nodemailer from "nodemailer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "@/lib/upstream/embedded-postgres";
import { type MailSink, startMailSink } from "./mail-sink";
import { demoPeople } from "./people";
import { type SignInProvider, startSignInProvider } from "./sign-in-provider";

describe("the demo's mail sink", () => {
  let sink: MailSink;
  beforeAll(async () => {
    sink = await startMailSink({ smtp: 0, http: 0 });
  });
  afterAll(() => sink.stop());

  it("shows what it was sent, with links alive and markup inert", async () => {
    const text = "Please decide: http://127.0.0.1:3000/approvals/1\n<script>alert(1)</script>";
    const transport = nodemailer.createTransport(sink.smtpUrl);
    await transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: "Held & waiting", text });
    const list = await (await fetch(`${sink.url}/api/messages?to=b@example.com`)).json();
    expect(list.messages).toMatchObject([{ id: 1, to: ["b@example.com"], subject: "Held & waiting" }]);
    expect(await (await fetch(sink.url)).text()).toContain("Held &amp; waiting");
    const one = await (await fetch(`${sink.url}/messages/1`)).text();
    expect(one).toContain('<a href="http://127.0.0.1:3000/approvals/1"');
    expect(one).toContain("&lt;script&gt;");
  });

  it("answers 404 to a message that does not exist", async () => {
    expect((await fetch(`${sink.url}/messages/99`)).status).toBe(404);
  });
});

describe("the demo's sign-in provider", () => {
  let provider: SignInProvider;
  const client = { id: "console", secret: randomBytes(16).toString("hex") };
  const consoleUrl = "http://127.0.0.1:1";
  const verifier = randomBytes(32).toString("base64url");
  beforeAll(async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: "jwk" }), kid: "demo" };
    const port = await freePort();
    provider = await startSignInProvider({
      port,
      people: async () => demoPeople,
      client,
      consoleUrl,
      key,
      cookieSecret: randomBytes(16).toString("hex"),
    });
  });
  afterAll(() => provider.stop());

  /** Follows redirects inside the provider with its cookies, as a browser does; answers where it is sent in the end. */
  async function authorize(
    extra: Record<string, string>,
    jar = "",
  ): Promise<{ url: string; body: string; cookies: string }> {
    const query = new URLSearchParams({
      client_id: client.id,
      response_type: "code",
      scope: "openid email profile",
      redirect_uri: `${consoleUrl}/api/auth/callback/oidc`,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      nonce: "n1",
      state: "s1",
      ...extra,
    });
    return follow(`${provider.issuer}/auth?${query}`, jar);
  }

  async function follow(
    start: string,
    jar: string,
    init: RequestInit = {},
  ): Promise<{ url: string; body: string; cookies: string }> {
    let [url, cookies] = [start, jar];
    for (let hop = 0; hop < 8; hop += 1) {
      const response = await fetch(url, {
        ...(hop === 0 ? init : {}),
        redirect: "manual",
        headers: { cookie: cookies, ...(hop === 0 ? init.headers : {}) },
      });
      const fresh = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
      const named = [...cookies.split("; "), ...fresh].filter(Boolean).map((cookie) => [cookie.split("=")[0], cookie]);
      cookies = Object.values(Object.fromEntries(named)).join("; ");
      const next = response.headers.get("location");
      if (!next) return { url, body: await response.text(), cookies };
      url = new URL(next, url).href;
      if (url.startsWith(consoleUrl)) return { url, body: "", cookies };
    }
    throw new Error("too many redirects");
  }

  async function claimsOf(callback: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${provider.issuer}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}` },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: new URL(callback).searchParams.get("code") ?? "",
        redirect_uri: `${consoleUrl}/api/auth/callback/oidc`,
        code_verifier: verifier,
      }),
    });
    const { id_token } = (await response.json()) as { id_token: string };
    return JSON.parse(Buffer.from(id_token.split(".")[1] ?? "", "base64url").toString());
  }

  it("signs a script in by login_hint, with verified e-mail, name and nonce in the ID token", async () => {
    const person = demoPeople[1];
    const { url } = await authorize({ login_hint: person?.email ?? "" });
    expect(await claimsOf(url)).toMatchObject({
      email: person?.email,
      email_verified: true,
      name: person?.name,
      nonce: "n1",
    });
  });

  it("offers one button per person, and asks again at the next sign-in of the same browser", async () => {
    const first = await authorize({});
    expect(first.body.match(/<button/g)).toHaveLength(demoPeople.length);
    const email = demoPeople[0]?.email ?? "";
    const picked = await follow(first.url, first.cookies, { method: "POST", body: new URLSearchParams({ email }) });
    expect(await claimsOf(picked.url)).toMatchObject({ email });
    const again = await authorize({}, picked.cookies);
    expect(again.body).toContain("<button");
  });

  it("offers the buttons to a login_hint that it does not know", async () => {
    expect((await authorize({ login_hint: "nobody@example.com" })).body).toContain("<button");
  });

  it("refuses a sign-in without PKCE", async () => {
    const { url } = await authorize({
      code_challenge: "",
      code_challenge_method: "",
      login_hint: demoPeople[0]?.email ?? "",
    });
    expect(new URL(url).searchParams.get("error")).toBe("invalid_request");
  });
});

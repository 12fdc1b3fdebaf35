import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { JWK, Provider } from "oidc-provider";
import { memoryAdapter } from "./memory-adapter";
import type { DemoPerson } from "./people";
import { signInPage } from "./sign-in-page";

const host = "127.0.0.1";
const formBytesMax = 4_096;

export type SignInOptions = {
  port: number;
  /** who may be chosen, asked at every sign-in */
  people: () => Promise<DemoPerson[]>;
  client: { id: string; secret: string };
  /** where the console answers; its callback is the only redirect */
  consoleUrl: string;
  /** private RS256 key, JWK */
  key: Record<string, unknown>;
  cookieSecret: string;
};

export type SignInProvider = { issuer: string; stop(): Promise<void> };

/**
 * A real OpenID Connect provider with one button per person; `login_hint=EMAIL` skips the page, so scripts can sign
 * in. It asks anew at every sign-in, because the demo is about being several people.
 */
export async function startSignInProvider(options: SignInOptions): Promise<SignInProvider> {
  const issuer = `http://${host}:${options.port}`;
  const provider = await configure(issuer, options);
  const handle = provider.callback();
  const server = createServer((request, response) => {
    const interaction = /^\/interaction\/[\w-]+$/.test(new URL(request.url ?? "/", issuer).pathname);
    if (!interaction) return void handle(request, response);
    interact({ provider, people: options.people, request, response }).catch((error: Error) => {
      response
        .writeHead(400, { "content-type": "text/plain; charset=utf-8" })
        .end(`Start again from the console: ${error.message}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, host, resolve);
  });
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function configure(issuer: string, options: SignInOptions): Promise<Provider> {
  const { Provider: OidcProvider, interactionPolicy } = await importQuietly();
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  policy
    .get("login")
    ?.checks.add(
      new Check("choose_person", "a person is chosen at every sign-in", (ctx) =>
        ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
      ),
    );
  const redirects = ["oidc", "countersign"].map((name) => `${options.consoleUrl}/api/auth/callback/${name}`);
  return new OidcProvider(issuer, {
    adapter: memoryAdapter,
    clients: [
      {
        client_id: options.client.id,
        client_secret: options.client.secret,
        redirect_uris: redirects,
        post_logout_redirect_uris: [options.consoleUrl],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    jwks: { keys: [{ ...options.key, use: "sig", alg: "RS256" } as JWK] },
    // Ports of one host share their cookies, so the names must not meet the console's.
    cookies: {
      keys: [options.cookieSecret],
      names: { session: "idp_session", interaction: "idp_interaction", resume: "idp_resume" },
    },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 3_600, Grant: 3_600 },
    findAccount: async (_ctx, subject) => {
      const person = (await options.people()).find(({ email }) => subjectOf(email) === subject);
      if (!person) return undefined;
      const claims = { sub: subject, email: person.email, email_verified: true, name: person.name };
      return { accountId: subject, claims: () => claims };
    },
    // There is one client and it is ours: nobody is asked for consent.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? "",
        accountId: ctx.oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
}

/** The library warns of Node 20 while it loads; the demo's tests run on 20, so nobody needs to read that. */
async function importQuietly(): Promise<typeof import("oidc-provider")> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

type Interaction = {
  provider: Provider;
  people: SignInOptions["people"];
  request: IncomingMessage;
  response: ServerResponse;
};

async function interact({ provider, people: listed, request, response }: Interaction): Promise<void> {
  const people = await listed();
  const details = await provider.interactionDetails(request, response);
  const wanted = request.method === "POST" ? await chosenEmail(request) : String(details.params.login_hint ?? "");
  const person = people.find(({ email }) => email === wanted.toLowerCase());
  if (person) {
    const login = { accountId: subjectOf(person.email), remember: false };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  }
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(signInPage(people, `/interaction/${details.uid}`));
}

async function chosenEmail(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > formBytesMax) throw new Error("the form is too long");
  }
  return new URLSearchParams(body).get("email") ?? "";
}

/** Stable, and not the address itself: a client that mixes up `sub` and `email` shows at once. */
function subjectOf(email: string): string {
  return createHash("sha256").update(`subject ${email}`).digest("hex").slice(0, 24);
}

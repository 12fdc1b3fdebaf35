const hopsMax = 12;

/** A browser without a screen: follows redirects itself and keeps cookies by host, ports shared, as browsers do. */
export type BrowserSession = {
  fetch(url: string, init?: RequestInit): Promise<Response>;
};

/**
 * Signs a person in to the console through its OpenID Connect provider, the only way there is.
 * @throws Error where the console does not end up with a session of that person
 */
export async function signIn(consoleUrl: string, email: string): Promise<BrowserSession> {
  const browser = newBrowser();
  const providers = (await (await browser.fetch(`${consoleUrl}/api/auth/providers`)).json()) as Record<
    string,
    { id: string }
  >;
  const provider = Object.keys(providers)[0] ?? "";
  const { csrfToken } = (await (await browser.fetch(`${consoleUrl}/api/auth/csrf`)).json()) as { csrfToken: string };
  const hint = new URLSearchParams({ login_hint: email });
  await browser.fetch(`${consoleUrl}/api/auth/signin/${provider}?${hint}`, {
    method: "POST",
    body: new URLSearchParams({ csrfToken, callbackUrl: consoleUrl }),
  });
  const session = (await (await browser.fetch(`${consoleUrl}/api/auth/session`)).json()) as {
    user?: { email?: string };
  };
  if (session.user?.email !== email) throw new Error(`signing in as ${email} ended with ${JSON.stringify(session)}`);
  return browser;
}

function newBrowser(): BrowserSession {
  const jar = new Map<string, string>();
  const keep = (response: Response): void => {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(";");
      const name = pair.slice(0, pair.indexOf("="));
      const gone = attributes.some((attribute) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(attribute));
      if (gone) jar.delete(name);
      else jar.set(name, pair);
    }
  };
  return {
    fetch: async (start, init = {}) => {
      let [url, options] = [start, init];
      for (let hop = 0; hop < hopsMax; hop += 1) {
        const headers = new Headers(options.headers);
        headers.set("cookie", [...jar.values()].join("; "));
        if (options.method && options.method !== "GET") headers.set("origin", new URL(url).origin);
        const response = await fetch(url, { ...options, headers, redirect: "manual" });
        keep(response);
        const next = response.headers.get("location");
        if (next === null || response.status < 300 || response.status > 399) return response;
        await response.body?.cancel();
        url = new URL(next, url).href;
        options = {};
      }
      throw new Error(`more than ${hopsMax} redirects from ${start}`);
    },
  };
}

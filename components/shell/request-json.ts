/** What the console's own API answered instead of data. `message` is written for people. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: string[];

  constructor({ status, code, message, faults }: { status: number; code: string; message: string; faults?: string[] }) {
    super(message);
    this.name = "RequestError";
    this.status = status;
    this.code = code;
    this.faults = faults ?? [];
  }
}

type RequestOptions = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
};

/**
 * Asks the console's API: `requestJson<Approval>("/api/approvals/42")`.
 * A lost sign-in goes to the sign-in page and comes back here.
 * @throws RequestError with the API's message; one of its own when the server cannot be reached.
 */
export async function requestJson<T>(path: string, { method = "GET", body, signal }: RequestOptions = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: body === undefined ? { accept: "application/json" } : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new RequestError({ status: 0, code: "unavailable", message: "The console cannot be reached. Try again." });
  }
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  if (response.status === 401) goToSignIn();
  throw errorOf(response.status, answer);
}

function errorOf(status: number, answer: unknown): RequestError {
  const error = (answer as { error?: { code?: string; message?: string; faults?: string[] } } | null)?.error;
  return new RequestError({
    status,
    code: error?.code ?? "internal",
    message: error?.message ?? "That did not work. Try again.",
    faults: error?.faults,
  });
}

/** Leaves for the sign-in page, which returns to the current address. */
export function goToSignIn(): void {
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?to=${encodeURIComponent(here)}`);
}

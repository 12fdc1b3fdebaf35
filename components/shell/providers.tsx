"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Toaster } from "@/components/ui/toast";
import { RequestError } from "./request-json";

const staleMs = 5_000;
const retriesMax = 2;

declare global {
  var __webpack_nonce__: string | undefined;
}

function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: staleMs,
        retry: (failures, error) =>
          failures < retriesMax && !(error instanceof RequestError && error.status >= 400 && error.status < 500),
      },
    },
  });
}

/** What every page of the console needs in the browser. `nonce` lets overlays add their style element under the CSP. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [client] = useState(makeClient);
  // The document keeps the policy it was loaded with, so the first nonce stays the right one.
  if (typeof window !== "undefined") globalThis.__webpack_nonce__ ??= nonce;
  return (
    <QueryClientProvider client={client}>
      {children}
      <Toaster />
    </QueryClientProvider>
  );
}

"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { requestJson } from "@/components/shell/request-json";

export type Change = { path: string; method?: "POST" | "PUT" | "PATCH" | "DELETE"; body?: unknown };

/**
 * Asks the API for a change and then has the page's data read anew. `run` rejects with the API's message, which is also
 * in `error`, so that a form can show it and keep what was typed.
 */
export function useChange<Answer = void>() {
  const router = useRouter();
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: ({ path, method = "POST", body = {} }: Change) =>
      requestJson<Answer>(path, method === "DELETE" ? { method } : { method, body }),
    onSuccess: () => router.refresh(),
  });
  return { run: mutateAsync, busy: isPending, error: error?.message ?? null, reset };
}

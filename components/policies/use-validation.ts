"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { requestJson } from "@/components/shell/request-json";
import type { BundleFault, BundleFiles } from "@/lib/policy/types";
import type { Validation } from "./policy-rows";

/** Time without a key press after which what was typed is checked. */
const quietMs = 350;
const none: BundleFault[] = [];

export type ValidationState = { faults: BundleFault[]; state: "checking" | "checked" | "failed"; error: string | null };

/** The faults of a bundle in work, checked while it is typed. */
export function useValidation(files: BundleFiles, enabled: boolean): ValidationState {
  const [settled, setSettled] = useState(files);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(files), quietMs);
    return () => clearTimeout(timer);
  }, [files]);
  const { data, error, isFetching } = useQuery({
    queryKey: ["validate-bundle", settled],
    queryFn: ({ signal }) =>
      requestJson<Validation>("/api/policies/validate", { method: "POST", body: { files: settled }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    enabled,
  });
  const current = settled === files && !isFetching;
  return {
    faults: data?.faults ?? none,
    state: error ? "failed" : current ? "checked" : "checking",
    error: error?.message ?? null,
  };
}

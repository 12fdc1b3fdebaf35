"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

/**
 * One parameter of the address, so that what one looks at can be shown to somebody else. Setting null removes it; the
 * page is not asked for again.
 */
export function useAddress(name: string): [string | null, (value: string | null) => void] {
  const path = usePathname();
  const params = useSearchParams();
  const set = useCallback(
    (value: string | null) => {
      const changed = new URLSearchParams(window.location.search);
      if (value === null) changed.delete(name);
      else changed.set(name, value);
      window.history.replaceState(null, "", `${path}${changed.size > 0 ? `?${changed}` : ""}`);
    },
    [path, name],
  );
  return [params.get(name), set];
}

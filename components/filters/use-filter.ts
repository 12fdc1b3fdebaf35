"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type Filter, formatFilter, parseFilter } from "@/lib/audit/parse-filter";

/** The filter in the address (`?q=`), and a way to change it there; the rest of the address stays. */
export function useFilter(): { filter: Filter; text: string; setFilter: (filter: Filter) => void } {
  const path = usePathname();
  const params = useSearchParams();
  const text = params.get("q") ?? "";
  const filter = useMemo(() => parseFilter(text), [text]);
  const setFilter = useCallback(
    (next: Filter) => {
      const changed = new URLSearchParams(params);
      const q = formatFilter(next);
      if (q === "") changed.delete("q");
      else changed.set("q", q);
      // Next follows the history: no request is made for a page that is here already.
      window.history.pushState(null, "", `${path}${changed.size > 0 ? `?${changed}` : ""}`);
    },
    [path, params],
  );
  return { filter, text, setFilter };
}

"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Reads the page's data again now and then, while somebody can see it. */
export function Refresh({ everyMs }: { everyMs: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return null;
}

"use client";

import { TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** The store is away, or something broke: the page can be tried again without losing its address. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <EmptyState
      wholePage
      icon={TriangleAlert}
      title="This page could not be shown"
      actions={
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      The governance store may be unreachable. Statements are still decided, or refused, by the broker.
      {error.digest ? <span className="mt-2 block text-xs text-ink-faint">Reference {error.digest}</span> : null}
    </EmptyState>
  );
}

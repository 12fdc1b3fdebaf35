import { SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  return (
    <EmptyState
      wholePage
      icon={SearchX}
      title="There is nothing here"
      actions={
        <Button asChild>
          <Link href="/">Go to the overview</Link>
        </Button>
      }
    >
      The address may be wrong, or what it named was never here. Nothing that was recorded is ever removed.
    </EmptyState>
  );
}

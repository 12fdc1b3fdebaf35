import Link from "next/link";
import { Wordmark } from "@/components/shell/wordmark";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center px-4 text-center">
      <div>
        <Wordmark />
        <h1 className="mt-4 text-lg font-semibold">There is no such page</h1>
        <Link href="/" className="mt-2 inline-block text-sm text-accent underline underline-offset-2">
          Go to the overview
        </Link>
      </div>
    </main>
  );
}

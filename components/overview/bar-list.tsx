import { clsx } from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";
import { formatCount } from "@/components/ui/format-time";

export type BarPart = { count: number; word: string; className: string };
export type BarItem = { key: string; name: ReactNode; href: string | null; parts: BarPart[]; summary?: string };

/** Things with a bar each, in parts; the words stand beside the numbers, so that no colour has to be known. */
export function BarList({ items, empty }: { items: BarItem[]; empty: string }) {
  if (items.length === 0) return <p className="px-4 py-6 text-center text-sm text-ink-muted">{empty}</p>;
  const most = Math.max(...items.map(sum));
  return (
    <ul className="flex flex-col py-1.5">
      {items.map((item) => {
        const row = (
          <>
            <span className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate">{item.name}</span>
              <span className="numeric shrink-0 text-xs text-ink-muted">{item.summary ?? inWords(item.parts)}</span>
            </span>
            <span aria-hidden className="mt-1 flex h-1 gap-px">
              {item.parts.map((part) => (
                <span
                  key={part.word}
                  className={clsx("h-full rounded-full", part.className)}
                  style={{ width: `${(part.count / most) * 100}%` }}
                />
              ))}
            </span>
          </>
        );
        return (
          <li key={item.key} className="text-sm">
            {item.href === null ? (
              <span className="block px-4 py-1.5">{row}</span>
            ) : (
              <Link href={item.href} className="block px-4 py-1.5 outline-offset-[-2px] hover:bg-hover">
                {row}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function inWords(parts: BarPart[]): string {
  return parts
    .filter((part) => part.count > 0)
    .map((part) => `${formatCount(part.count)} ${part.word}`)
    .join(", ");
}

function sum(item: BarItem): number {
  return item.parts.reduce((all, part) => all + part.count, 0);
}

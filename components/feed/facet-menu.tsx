"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ListFilter } from "lucide-react";
import { requestJson } from "@/components/shell/request-json";
import { Button } from "@/components/ui/button";
import { formatCount } from "@/components/ui/format-time";
import { Popover } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";
import { type Filter, type FilterKey, type FilterTerm, formatTerm, toggleTerm } from "@/lib/audit/parse-filter";

export type Facet = "decision" | "actor" | "database" | "policy" | "label" | "kind";
export type Facets = Record<Facet, { value: string; count: number }[]>;

const refreshMs = 30_000;

/** Counts over the last 24 hours of what the filter leaves. */
export function useFacets(q: string): Facets | undefined {
  const { data } = useQuery({
    queryKey: ["feed-facets", q],
    queryFn: ({ signal }) => requestJson<Facets>(`/api/feed/facets?${new URLSearchParams({ q })}`, { signal }),
    refetchInterval: refreshMs,
    placeholderData: (previous) => previous,
  });
  return data;
}

const groups: { facet: Facet; title: string }[] = [
  { facet: "actor", title: "Who" },
  { facet: "policy", title: "Policy" },
  { facet: "label", title: "Label" },
  { facet: "kind", title: "Kind" },
  { facet: "database", title: "Database" },
];

type FacetMenuProps = { facets: Facets | undefined; filter: Filter; onChange: (filter: Filter) => void };

/** Everything that occurs, with how often: a click narrows to it, Alt and click leaves it out. */
export function FacetMenu({ facets, filter, onChange }: FacetMenuProps) {
  const active = new Set(filter.terms.map(formatTerm));
  return (
    <Popover
      label="Narrow the feed"
      align="end"
      className="w-[34rem] max-w-[calc(100vw-2rem)]"
      trigger={
        <Button>
          <ListFilter aria-hidden /> Filter
        </Button>
      }
    >
      {facets === undefined ? (
        <Skeleton className="h-40" />
      ) : (
        <div className="grid max-h-[60vh] grid-cols-2 gap-x-5 gap-y-4 overflow-y-auto">
          {groups.map(({ facet, title }) =>
            facets[facet].length === 0 ? null : (
              <section key={facet}>
                <h3 className="overline-label px-1.5 pb-1">{title}</h3>
                <ul>
                  {facets[facet].map(({ value, count }) => {
                    const term = termOf(facet, value);
                    const on = active.has(formatTerm(term));
                    return (
                      <li key={value}>
                        <button
                          type="button"
                          aria-pressed={on}
                          onClick={(event) => onChange(toggleTerm(filter, { ...term, negated: event.altKey }))}
                          className={clsx(
                            "flex min-h-6 w-full items-center gap-2 rounded-sm px-1.5 text-left text-xs hover:bg-hover",
                            on && "bg-selected font-medium",
                          )}
                        >
                          <span className="flex-1 truncate">{term.value}</span>
                          <span className="numeric text-ink-faint">{formatCount(count)}</span>
                        </button>
                      </li>
                    );
                  })}
                </ul>
              </section>
            ),
          )}
          <p className="col-span-2 px-1.5 text-xs text-ink-faint">
            The last 24 hours. Alt and click leaves a value out.
          </p>
        </div>
      )}
    </Popover>
  );
}

/** `agent/x` becomes `agent:x`; every other facet is a key of the filter itself. */
function termOf(facet: Facet, value: string): FilterTerm {
  if (facet !== "actor") return { key: facet, value, negated: false };
  const slash = value.indexOf("/");
  return { key: value.slice(0, slash) as FilterKey, value: value.slice(slash + 1), negated: false };
}

"use client";

import { Search, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useShortcuts } from "@/components/shell/use-shortcuts";
import { Button } from "@/components/ui/button";
import { type Filter, type FilterTerm, formatTerm, parseFilter, toggleTerm } from "@/lib/audit/parse-filter";

type FilterBarProps = {
  filter: Filter;
  onChange: (filter: Filter) => void;
  /** What can be typed: "agent:name  label:pii  words". */
  placeholder: string;
  /** Terms that a control beside the bar shows already. */
  hiddenKeys?: readonly string[];
  children?: ReactNode;
};

/** The filter as tokens that can be taken away one by one, and a field in which more are typed. */
export function FilterBar({ filter, onChange, placeholder, hiddenKeys = [], children }: FilterBarProps) {
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useShortcuts("Filter", [{ keys: ["f"], label: "Type a filter", run: () => field.current?.focus() }]);

  function add() {
    const typed = parseFilter(text);
    if (typed.terms.length + typed.words.length === 0) return;
    onChange({ terms: [...filter.terms, ...typed.terms], words: [...filter.words, ...typed.words] });
    setText("");
  }
  function removeLast() {
    if (filter.words.length > 0) onChange({ ...filter, words: filter.words.slice(0, -1) });
    else onChange({ ...filter, terms: filter.terms.slice(0, -1) });
  }

  const terms = filter.terms.filter((term) => !hiddenKeys.includes(term.key));
  const active = terms.length + filter.words.length > 0;
  return (
    <div className="flex min-h-8 min-w-64 flex-1 flex-wrap items-center gap-1 rounded-md border border-line-strong/70 bg-surface py-0.5 pr-1 pl-2.5 focus-within:outline-2 focus-within:outline-focus">
      <Search className="mr-1 size-4 shrink-0 text-ink-faint" aria-hidden />
      {terms.map((term) => (
        <Token key={formatTerm(term)} term={term} onRemove={() => onChange(toggleTerm(filter, term))} />
      ))}
      {filter.words.map((word, index) => (
        <TokenFrame
          // biome-ignore lint/suspicious/noArrayIndexKey: the same word may stand twice
          key={`${word}-${index}`}
          name={`“${word}”`}
          onRemove={() => onChange({ ...filter, words: filter.words.filter((_, at) => at !== index) })}
        >
          “{word}”
        </TokenFrame>
      ))}
      <input
        ref={field}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") add();
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key === "Backspace" && text === "") removeLast();
        }}
        onBlur={add}
        aria-label="Filter"
        placeholder={active ? "" : placeholder}
        spellCheck={false}
        className="h-6 min-w-24 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-faint"
      />
      {active ? <ClearButton onClear={() => onChange(onlyHidden(filter, hiddenKeys))} /> : null}
      {children}
    </div>
  );
}

function ClearButton({ onClear }: { onClear: () => void }) {
  return (
    <Button variant="quiet" size="icon-sm" aria-label="Clear the filter" onClick={onClear}>
      <X aria-hidden />
    </Button>
  );
}

/** What other controls than the bar show stays when the bar is cleared. */
function onlyHidden(filter: Filter, hiddenKeys: readonly string[]): Filter {
  return { terms: filter.terms.filter((term) => hiddenKeys.includes(term.key)), words: [] };
}

function Token({ term, onRemove }: { term: FilterTerm; onRemove: () => void }) {
  return (
    <TokenFrame name={formatTerm(term)} onRemove={onRemove}>
      <span className={term.negated ? "text-deny" : "text-ink-faint"}>
        {term.negated ? "not " : ""}
        {term.key}
      </span>
      <span className="truncate">{term.value}</span>
    </TokenFrame>
  );
}

function TokenFrame({ name, onRemove, children }: { name: string; onRemove: () => void; children: ReactNode }) {
  return (
    <span className="inline-flex h-6 max-w-64 items-center gap-1 rounded-sm bg-accent-soft pl-1.5 text-xs">
      {children}
      <button
        type="button"
        aria-label={`Remove ${name}`}
        onClick={onRemove}
        className="inline-flex size-6 items-center justify-center rounded-sm text-ink-faint hover:text-ink"
      >
        <X className="size-3" aria-hidden />
      </button>
    </span>
  );
}

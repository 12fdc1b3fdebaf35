"use client";

import { Command } from "cmdk";
import { Hash, MoonStar, ScrollText, Search, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useState } from "react";
import { useDialogFocus } from "@/components/ui/dialog-focus";
import { overlayClass } from "@/components/ui/dialog-surface";
import { Kbd } from "@/components/ui/kbd";
import { navigationFor } from "./navigation";
import { isDark, setTheme, useTheme } from "./theme";
import { useViewer } from "./viewer";

const itemClass =
  "flex h-9 cursor-default items-center gap-2.5 rounded-sm px-2.5 text-sm data-[selected=true]:bg-hover [&_svg]:size-4 [&_svg]:text-ink-faint";

/** Jump to a page or a request, search the record, or do something, by typing. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [text, setText] = useState("");
  const router = useRouter();
  const focus = useDialogFocus();

  function change(next: boolean) {
    if (!next) setText("");
    onOpenChange(next);
  }
  function go(href: string) {
    change(false);
    router.push(href);
  }

  return (
    <Primitive.Root open={open} onOpenChange={change}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayClass} />
        <Primitive.Content
          {...focus}
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 animate-appear rounded-md border border-line-strong/50 bg-raised"
        >
          <Primitive.Title className="sr-only">Search and commands</Primitive.Title>
          <Command loop label="Search and commands">
            <div className="flex items-center gap-2.5 border-b border-line px-3.5">
              <Search className="size-4 shrink-0 text-ink-faint" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="Go to a page, #42 for a request, or search the record"
                className="h-11 w-full bg-transparent text-base outline-none placeholder:text-ink-faint"
              />
              <Kbd keys={["Esc"]} />
            </div>
            <Suggestions text={text.trim()} onGo={go} />
          </Command>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** What the text may mean; the pages and commands that it matches are found by the palette itself. */
function Suggestions({ text, onGo }: { text: string; onGo: (href: string) => void }) {
  const theme = useTheme();
  const { permissions } = useViewer();
  const request = /^#?(\d{1,9})$/.exec(text)?.[1];
  return (
    <Command.List className="max-h-80 overflow-y-auto p-1.5">
      {request ? (
        <Item value={`request ${text}`} onSelect={() => onGo(`/approvals/${request}`)}>
          <Hash aria-hidden /> Open request {request}
        </Item>
      ) : null}
      <Command.Group heading="Go to" className={groupClass}>
        {navigationFor(permissions).flatMap((group) =>
          group.items.map((item) => (
            <Item key={item.href} value={item.label} onSelect={() => onGo(item.href)}>
              <item.icon aria-hidden />
              <span className="flex-1">{item.label}</span>
              <Kbd keys={["g", item.key]} />
            </Item>
          )),
        )}
      </Command.Group>
      <Command.Group heading="Do" className={groupClass}>
        <Item value="Switch theme light dark" onSelect={() => setTheme(isDark(theme) ? "light" : "dark")}>
          {isDark(theme) ? <Sun aria-hidden /> : <MoonStar aria-hidden />} Switch between light and dark
        </Item>
      </Command.Group>
      {text === "" || !permissions.includes("audit.read") ? null : (
        <Command.Item
          forceMount
          value={`search ${text}`}
          onSelect={() => onGo(`/audit?q=${encodeURIComponent(text)}`)}
          className={itemClass}
        >
          <ScrollText aria-hidden />
          <span className="truncate">Search the record for “{text}”</span>
        </Command.Item>
      )}
    </Command.List>
  );
}

const groupClass =
  "[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint";

function Item({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item value={value} onSelect={onSelect} className={itemClass}>
      {children}
    </Command.Item>
  );
}

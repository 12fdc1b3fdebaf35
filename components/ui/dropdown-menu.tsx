"use client";

import { clsx } from "clsx";
import { Check } from "lucide-react";
import type { DropdownMenu as Namespace } from "radix-ui";
import { type ComponentProps, cloneElement, createContext, type ReactElement, type ReactNode, useContext } from "react";
import { onDemand, useOpenOnDemand } from "./on-demand";

type Primitives = typeof Namespace;

export const floatClass = "z-50 animate-appear rounded-md border border-line-strong/50 bg-raised p-1";
const itemClass =
  "flex min-h-8 w-full cursor-default items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-disabled:text-ink-faint data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint";

const code = onDemand(() => import("./menu-primitives").then((module) => module.DropdownMenu as Primitives));
const PrimitivesContext = createContext<Primitives | null>(null);

function usePrimitives(): Primitives {
  const primitives = useContext(PrimitivesContext);
  if (primitives === null) throw new Error("a menu item stands outside a DropdownMenu");
  return primitives;
}

type DropdownMenuProps = {
  /** One Button. */
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  children: ReactNode;
};

/** A menu of actions. `<DropdownMenu trigger={<Button>More</Button>}><MenuItem onSelect={…}>Rename</MenuItem>…` */
export function DropdownMenu({ trigger, align = "end", children }: DropdownMenuProps) {
  const { module: Menu, open, setOpen, triggerProps } = useOpenOnDemand(code, "menu");
  if (Menu === null) return cloneElement(trigger, triggerProps);
  return (
    <PrimitivesContext value={Menu}>
      <Menu.Root open={open} onOpenChange={setOpen}>
        <Menu.Trigger asChild>{trigger}</Menu.Trigger>
        <Menu.Portal>
          <Menu.Content align={align} sideOffset={4} collisionPadding={8} className={clsx(floatClass, "min-w-44")}>
            {children}
          </Menu.Content>
        </Menu.Portal>
      </Menu.Root>
    </PrimitivesContext>
  );
}

type MenuItemProps = ComponentProps<Primitives["Item"]> & { danger?: boolean };

export function MenuItem({ danger, className, ...props }: MenuItemProps) {
  const Menu = usePrimitives();
  return (
    <Menu.Item
      className={clsx(itemClass, danger && "text-deny data-highlighted:bg-deny-soft [&_svg]:text-deny", className)}
      {...props}
    />
  );
}

type MenuChoiceProps = {
  value: string;
  onValueChange: (value: string) => void;
  options: { value: string; label: ReactNode }[];
};

/** One of several, with a tick at the chosen one. */
export function MenuChoice({ value, onValueChange, options }: MenuChoiceProps) {
  const Menu = usePrimitives();
  return (
    <Menu.RadioGroup value={value} onValueChange={onValueChange}>
      {options.map((option) => (
        <Menu.RadioItem key={option.value} value={option.value} className={itemClass}>
          <span className="flex-1">{option.label}</span>
          <Menu.ItemIndicator>
            <Check aria-hidden />
          </Menu.ItemIndicator>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const Menu = usePrimitives();
  return <Menu.Label className="px-2 py-1.5 text-xs text-ink-faint">{children}</Menu.Label>;
}

export function MenuSeparator() {
  const Menu = usePrimitives();
  return <Menu.Separator className="my-1 h-px bg-line" />;
}

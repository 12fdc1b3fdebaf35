"use client";

import { clsx } from "clsx";
import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps, ReactElement, ReactNode } from "react";

export const floatClass = "z-50 animate-appear rounded-md border border-line-strong/50 bg-raised p-1";
const itemClass =
  "flex min-h-8 w-full cursor-default items-center gap-2 rounded-sm px-2 text-sm outline-none select-none data-disabled:text-ink-faint data-highlighted:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint";

type DropdownMenuProps = {
  /** One Button. */
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  children: ReactNode;
};

/** A menu of actions. `<DropdownMenu trigger={<Button>More</Button>}><MenuItem onSelect={…}>Rename</MenuItem>…` */
export function DropdownMenu({ trigger, align = "end", children }: DropdownMenuProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content align={align} sideOffset={4} collisionPadding={8} className={clsx(floatClass, "min-w-44")}>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

type MenuItemProps = ComponentProps<typeof Primitive.Item> & { danger?: boolean };

export function MenuItem({ danger, className, ...props }: MenuItemProps) {
  return (
    <Primitive.Item
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
  return (
    <Primitive.RadioGroup value={value} onValueChange={onValueChange}>
      {options.map((option) => (
        <Primitive.RadioItem key={option.value} value={option.value} className={itemClass}>
          <span className="flex-1">{option.label}</span>
          <Primitive.ItemIndicator>
            <Check aria-hidden />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 py-1.5 text-xs text-ink-faint">{children}</Primitive.Label>;
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}

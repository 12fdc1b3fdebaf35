"use client";

import { clsx } from "clsx";
import { Popover as Primitive } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { floatClass } from "./dropdown-menu";

type PopoverProps = {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

/** A small surface beside its trigger for explanations with links, or a few controls. */
export function Popover({ trigger, align = "start", open, onOpenChange, className, children }: PopoverProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={clsx(floatClass, "w-80 p-3 text-sm", className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

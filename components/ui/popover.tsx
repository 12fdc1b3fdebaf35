"use client";

import { clsx } from "clsx";
import { cloneElement, type ReactElement, type ReactNode } from "react";
import { floatClass } from "./dropdown-menu";
import { onDemand, useOpenOnDemand } from "./on-demand";

type PopoverProps = {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  /** Names the surface for screen readers. */
  label: string;
  className?: string;
  children: ReactNode;
};

const code = onDemand(() => import("./popover-primitives").then((module) => module.Popover));

/** A small surface beside its trigger for explanations with links, or a few controls. */
export function Popover({ trigger, align = "start", label, className, children }: PopoverProps) {
  const { module: Primitive, open, setOpen, triggerProps } = useOpenOnDemand(code, "dialog");
  if (Primitive === null) return cloneElement(trigger, triggerProps);
  return (
    <Primitive.Root open={open} onOpenChange={setOpen}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className={clsx(floatClass, "w-80 p-3 text-sm", className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

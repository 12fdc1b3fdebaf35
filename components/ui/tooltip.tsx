"use client";

import { clsx } from "clsx";
import { type ReactElement, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

const openDelayMs = 350;
const gapPx = 6;
const edgePx = 8;

type Side = "top" | "right" | "bottom" | "left";

type TooltipProps = {
  content: ReactNode;
  side?: Side;
  /** Classes of the box, to show it only where the label of the control is not. */
  boxClassName?: string;
  /** One element that can take focus; a tooltip on plain text cannot be reached by keyboard. */
  children: ReactElement;
};

/**
 * A short explanation of a control, on hover and on keyboard focus; Esc hides it. Never the only place of something
 * one needs to know. Ours, because the usual one brings 18 kB of positioning to every page.
 */
export function Tooltip({ content, side = "top", boxClassName, children }: TooltipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [open, setOpen] = useState(false);

  const show = (delayMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(true), delayMs);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    const control = anchor.current?.firstElementChild;
    control?.setAttribute("aria-describedby", id);
    const onKeyDown = (event: KeyboardEvent) => event.key === "Escape" && setOpen(false);
    const onScroll = () => setOpen(false);
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("scroll", onScroll, { capture: true, passive: true });
    return () => {
      control?.removeAttribute("aria-describedby");
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("scroll", onScroll, { capture: true });
    };
  }, [open, id]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has no box and no role, and listens for its only child
    <span
      ref={anchor}
      role="presentation"
      className="contents"
      onPointerEnter={(event) => event.pointerType !== "touch" && show(openDelayMs)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(":focus-visible") && show(0)}
      onBlur={hide}
    >
      {children}
      {open ? (
        <TooltipBox id={id} side={side} className={boxClassName} control={anchor.current?.firstElementChild ?? null}>
          {content}
        </TooltipBox>
      ) : null}
    </span>
  );
}

type TooltipBoxProps = {
  id: string;
  side: Side;
  className: string | undefined;
  control: Element | null;
  children: ReactNode;
};

function TooltipBox({ id, side, className, control, children }: TooltipBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null || control === null) return;
    const { left, top } = place(control.getBoundingClientRect(), box.current.getBoundingClientRect(), side);
    box.current.style.left = `${left}px`;
    box.current.style.top = `${top}px`;
  }, [control, side]);
  return createPortal(
    <div
      ref={box}
      id={id}
      role="tooltip"
      className={clsx(
        "pointer-events-none fixed top-0 left-0 z-60 max-w-72 animate-appear rounded-sm bg-ink px-2 py-1 text-xs text-canvas",
        className,
      )}
    >
      {children}
    </div>,
    document.body,
  );
}

/** Beside the control, kept inside the window; above becomes below, and left right, where there is no room. */
function place(control: DOMRect, box: DOMRect, side: Side): { left: number; top: number } {
  const { innerWidth, innerHeight } = window;
  const upright = side === "top" || side === "bottom";
  const centred = upright
    ? control.left + (control.width - box.width) / 2
    : control.top + (control.height - box.height) / 2;
  const before = (upright ? control.top - box.height : control.left - box.width) - gapPx;
  const after = (upright ? control.bottom : control.right) + gapPx;
  const fitsAfter = after + (upright ? box.height : box.width) <= (upright ? innerHeight : innerWidth) - edgePx;
  const wantsBefore = side === "top" || side === "left";
  const along = (wantsBefore && before >= edgePx) || !fitsAfter ? before : after;
  const [left, top] = upright ? [centred, along] : [along, centred];
  return {
    left: Math.min(Math.max(left, edgePx), innerWidth - box.width - edgePx),
    top: Math.min(Math.max(top, edgePx), innerHeight - box.height - edgePx),
  };
}

"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { DialogProps } from "./dialog-surface";

const DialogSurface = dynamic(() => import("./dialog-surface").then((module) => module.DialogSurface));

/**
 * A question that must be answered before going on. Esc and the scrim close it, focus returns to where it was. Its code
 * is fetched at the first opening. For a form, pass a form as children and `form="id"` on the footer's button.
 */
export function Dialog(props: DialogProps) {
  const needed = useNeeded(props.open);
  return needed ? <DialogSurface {...props} /> : null;
}

/** True from the first opening on. */
export function useNeeded(open: boolean): boolean {
  const [needed, setNeeded] = useState(open);
  if (open && !needed) setNeeded(true);
  return needed;
}

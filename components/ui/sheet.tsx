"use client";

import dynamic from "next/dynamic";
import { useNeeded } from "./dialog";
import type { SheetProps } from "./sheet-surface";

const SheetSurface = dynamic(() => import("./sheet-surface").then((module) => module.SheetSurface));

/**
 * A form or long detail at the right edge, over the page; its code is fetched at the first opening. For details beside
 * a list use SidePanel.
 */
export function Sheet(props: SheetProps) {
  const needed = useNeeded(props.open);
  return needed ? <SheetSurface {...props} /> : null;
}

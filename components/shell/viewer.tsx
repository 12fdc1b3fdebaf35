"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { Permission, Role } from "@/lib/access/permissions";

/** Who is signed in, as the browser may know it. */
export type Viewer = {
  email: string;
  name: string;
  role: Role;
  groups: string[];
  /** What the role may do. Decides what is offered; the server decides what is done. */
  permissions: Permission[];
};

const ViewerContext = createContext<Viewer | null>(null);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (viewer === null) throw new Error("useViewer is used outside the console's layout");
  return viewer;
}

/** Whether to offer an action: `const mayReview = useMay("approval.review")`. */
export function useMay(permission: Permission): boolean {
  return useViewer().permissions.includes(permission);
}

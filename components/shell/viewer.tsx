"use client";

import { createContext, type ReactNode, useContext } from "react";

/** Who is signed in, as the browser may know it. */
export type Viewer = {
  email: string;
  name: string;
  role: string;
  groups: string[];
  /** What the role may do: names of lib/access/permissions. Decides what is offered; the server decides what is done. */
  permissions: string[];
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
export function useMay(permission: string): boolean {
  return useViewer().permissions.includes(permission);
}

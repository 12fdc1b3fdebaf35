import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { ViewerProvider } from "@/components/shell/viewer";
import { can, permissions } from "@/lib/access/permissions";
import { requireViewer } from "@/lib/auth";
import { readShellState } from "@/lib/store/overview-shell";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { email, name, role, groups } = await requireViewer();
  const state = await readShellState({ email, groups });
  return (
    <ViewerProvider viewer={{ email, name, role, groups, permissions: permissions.filter((each) => can(role, each)) }}>
      <Shell initial={state}>{children}</Shell>
    </ViewerProvider>
  );
}

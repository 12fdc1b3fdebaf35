import { Lock } from "lucide-react";
import { headers } from "next/headers";
import { pagePermission } from "@/components/shell/navigation";
import { EmptyState } from "@/components/ui/empty-state";
import { readViewer } from "@/lib/auth";
import { refusalOf } from "@/lib/auth-refusal";

/** The page is not for this role: says which role it needs and how to get it. */
export default async function Forbidden() {
  const path = (await headers()).get("x-path")?.split("?")[0] ?? "/";
  const viewer = await readViewer();
  const permission = pagePermission(path);
  const reason =
    permission === undefined || viewer === null
      ? "your role does not include this page"
      : refusalOf(permission, viewer.role);
  return (
    <EmptyState wholePage icon={Lock} title="This page is not for your role">
      {`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`}
    </EmptyState>
  );
}

import { Pencil } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { LinkTabs } from "@/components/ui/tabs";

type PoliciesHeaderProps = {
  tab: "policies" | "versions";
  /** in force */
  active: number | null;
  policies?: number;
  versions?: number;
  mayWrite: boolean;
};

/** The head of the pages about policies. */
export function PoliciesHeader({ tab, active, policies, versions, mayWrite }: PoliciesHeaderProps) {
  return (
    <PageHeader
      title="Policies"
      description="What is permitted, refused and held, and what is masked: one bundle of files, in versions."
      badge={active === null ? <Badge tone="hold">nothing in force</Badge> : <Badge>version {active} in force</Badge>}
      actions={
        mayWrite ? (
          <Button asChild variant="primary">
            <Link href="/policies/edit">
              <Pencil aria-hidden /> Edit
            </Link>
          </Button>
        ) : null
      }
      tabs={
        <LinkTabs
          label="Policies"
          className="-mx-6 px-6"
          tabs={[
            { href: "/policies", label: "In force", count: policies, active: tab === "policies" },
            { href: "/policies/versions", label: "Versions", count: versions, active: tab === "versions" },
          ]}
        />
      }
    />
  );
}

"use client";

import { EyeOff, Pencil } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { FaultList } from "@/components/policies/fault-list";
import { useMay } from "@/components/shell/viewer";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { LinkTabs } from "@/components/ui/tabs";
import type { BundleFault } from "@/lib/policy/types";
import { ColumnsView } from "./columns-view";
import type { MaskingRules } from "./masking-rows";
import { RulesView } from "./rules-view";

type MaskingViewProps = {
  databases: string[];
  /** `agent/NAME` and `person/EMAIL` */
  principals: string[];
  /** of the bundle in force */
  version: number | null;
  faults: BundleFault[];
  rules: MaskingRules;
};

/** Which columns are what, how each kind is shown, and to whom. */
export function MaskingView({ databases, principals, version, faults, rules }: MaskingViewProps) {
  const tab = useSearchParams().get("tab") === "rules" ? "rules" : "columns";
  const mayWrite = useMay("masking.write");
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <PageHeader
        title="Masking"
        description="Values are masked by the upstream itself, before they reach anybody who may not see them."
        badge={
          version === null ? <Badge tone="hold">nothing in force</Badge> : <Badge>version {version} in force</Badge>
        }
        actions={
          mayWrite ? (
            <Button asChild>
              <Link href="/policies/edit?file=masking.yaml">
                <Pencil aria-hidden /> Edit labels and rules
              </Link>
            </Button>
          ) : null
        }
        tabs={
          <LinkTabs
            label="Masking"
            className="-mx-6 px-6"
            tabs={[
              { href: "/masking", label: "Columns", active: tab === "columns" },
              { href: "/masking?tab=rules", label: "Labels and rules", active: tab === "rules" },
            ]}
          />
        }
      />
      {faults.length > 0 ? <FaultList faults={faults} className="max-h-40 border-b border-line bg-surface" /> : null}
      {tab === "rules" ? (
        <RulesView rules={rules} />
      ) : databases.length === 0 ? (
        <EmptyState
          icon={EyeOff}
          title="No database yet"
          command="npx countersign database add NAME --url postgres://… --label env=production"
        >
          Columns appear here as soon as a database is registered and its catalog has been read.
        </EmptyState>
      ) : (
        <ColumnsView databases={databases} principals={principals} />
      )}
    </div>
  );
}

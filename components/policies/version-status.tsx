import { CircleCheck, CircleDashed, History } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { VersionRow } from "./policy-rows";

/** Whether a version decides, did once, or never has. */
export function VersionStatus({ status }: { status: VersionRow["status"] }) {
  switch (status) {
    case "active":
      return (
        <Badge tone="accent" icon={CircleCheck}>
          In force
        </Badge>
      );
    case "draft":
      return <Badge icon={CircleDashed}>Draft</Badge>;
    case "retired":
      return <Badge icon={History}>Was in force</Badge>;
  }
}

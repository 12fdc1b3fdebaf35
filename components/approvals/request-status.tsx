import {
  Ban,
  CircleCheck,
  CircleSlash,
  Clock,
  Hand,
  type LucideIcon,
  Replace,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { ApprovalStatus, ApprovalUse } from "@/lib/approval/types";

type Look = { word: string; tone: BadgeTone; icon: LucideIcon };

const statuses: Record<ApprovalStatus, Look> = {
  pending: { word: "Waiting", tone: "hold", icon: Hand },
  approved: { word: "Approved", tone: "allow", icon: CircleCheck },
  denied: { word: "Denied", tone: "deny", icon: Ban },
  expired: { word: "Expired", tone: "neutral", icon: Clock },
  withdrawn: { word: "Withdrawn", tone: "neutral", icon: Undo2 },
  superseded: { word: "Superseded", tone: "neutral", icon: Replace },
};

const uses: Record<ApprovalUse, string> = {
  unused: "not used yet",
  used: "used",
  lapsed: "lapsed unused",
  revoked: "revoked",
};

/** Where a request stands. */
export function RequestStatus({ status }: { status: ApprovalStatus }) {
  const look = statuses[status];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.word}
    </Badge>
  );
}

/** What became of an approval. */
export function RequestUse({ use }: { use: ApprovalUse | null }) {
  return use === null ? null : (
    <Badge icon={use === "revoked" || use === "lapsed" ? CircleSlash : undefined}>{uses[use]}</Badge>
  );
}

/** Only what is high stands out. */
export function Severity({ severity }: { severity: "low" | "medium" | "high" }) {
  return severity === "high" ? (
    <Badge icon={TriangleAlert} className="text-ink">
      High severity
    </Badge>
  ) : null;
}

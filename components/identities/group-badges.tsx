import { Badge } from "@/components/ui/badge";

/** Names of groups. */
export function GroupBadges({ groups, none = "" }: { groups: string[]; none?: string }) {
  if (groups.length === 0) return <span className="text-xs text-ink-faint">{none}</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {groups.map((group) => (
        <Badge key={group} mono>
          {group}
        </Badge>
      ))}
    </span>
  );
}

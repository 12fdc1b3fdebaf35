import {
  Activity,
  Database,
  EyeOff,
  FileCheck2,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  Stamp,
  UsersRound,
} from "lucide-react";
import type { Permission } from "@/lib/access/permissions";

export type NavigationItem = {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
  /** Who lacks it does not see the page, and is told why when the address is typed. */
  permission: Permission;
  /** Which of the shell's counts stands beside the label. */
  count?: "approvals";
};

export type NavigationGroup = { label: string; items: NavigationItem[] };

/** The console's pages, in the order of the day: watch, govern, look back. */
export const navigation: NavigationGroup[] = [
  {
    label: "Watch",
    items: [
      { href: "/", permission: "overview.read", label: "Overview", icon: LayoutDashboard, key: "o" },
      { href: "/feed", permission: "feed.read", label: "Feed", icon: Activity, key: "f" },
      {
        href: "/approvals",
        permission: "approval.read",
        label: "Approvals",
        icon: Stamp,
        key: "a",
        count: "approvals",
      },
    ],
  },
  {
    label: "Govern",
    items: [
      { href: "/policies", permission: "policy.read", label: "Policies", icon: FileCheck2, key: "p" },
      { href: "/masking", permission: "masking.read", label: "Masking", icon: EyeOff, key: "m" },
      { href: "/databases", permission: "database.read", label: "Databases", icon: Database, key: "d" },
      { href: "/identities", permission: "identity.read", label: "Identities", icon: UsersRound, key: "i" },
    ],
  },
  {
    label: "Record",
    items: [{ href: "/audit", permission: "audit.read", label: "Audit", icon: ScrollText, key: "u" }],
  },
];

/** The item whose page (or a page under it) has the path. */
export function activeItem(path: string): NavigationItem | undefined {
  return navigation
    .flatMap((group) => group.items)
    .find((item) => (item.href === "/" ? path === "/" : path === item.href || path.startsWith(`${item.href}/`)));
}

/** Pages under an item that ask more than the item does. */
const stricterPages: { path: string; permission: Permission }[] = [
  { path: "/policies/edit", permission: "policy.write" },
];

/** What the page at a path asks of the role. */
export function pagePermission(path: string): Permission | undefined {
  return stricterPages.find((page) => page.path === path)?.permission ?? activeItem(path)?.permission;
}

/** The navigation as a role sees it. */
export function navigationFor(permissions: readonly Permission[]): NavigationGroup[] {
  return navigation
    .map((group) => ({ ...group, items: group.items.filter((item) => permissions.includes(item.permission)) }))
    .filter((group) => group.items.length > 0);
}

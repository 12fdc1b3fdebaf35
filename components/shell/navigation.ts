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

export type NavigationItem = {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
  /** Which of the shell's counts stands beside the label. */
  count?: "approvals";
};

export type NavigationGroup = { label: string; items: NavigationItem[] };

/** The console's pages, in the order of the day: watch, govern, look back. */
export const navigation: NavigationGroup[] = [
  {
    label: "Watch",
    items: [
      { href: "/", label: "Overview", icon: LayoutDashboard, key: "o" },
      { href: "/feed", label: "Feed", icon: Activity, key: "f" },
      { href: "/approvals", label: "Approvals", icon: Stamp, key: "a", count: "approvals" },
    ],
  },
  {
    label: "Govern",
    items: [
      { href: "/policies", label: "Policies", icon: FileCheck2, key: "p" },
      { href: "/masking", label: "Masking", icon: EyeOff, key: "m" },
      { href: "/databases", label: "Databases", icon: Database, key: "d" },
      { href: "/identities", label: "Identities", icon: UsersRound, key: "i" },
    ],
  },
  { label: "Record", items: [{ href: "/audit", label: "Audit", icon: ScrollText, key: "u" }] },
];

/** The item whose page (or a page under it) has the path. */
export function activeItem(path: string): NavigationItem | undefined {
  return navigation
    .flatMap((group) => group.items)
    .find((item) => (item.href === "/" ? path === "/" : path === item.href || path.startsWith(`${item.href}/`)));
}

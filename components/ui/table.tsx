import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

type TableProps = ComponentProps<"table"> & {
  /** Names the table for screen readers. */
  label: string;
  /** Scrolls inside this; the header sticks to its top. */
  scrollClassName?: string;
};

/**
 * A dense table: 32 px rows, 13 px text, sticky header. Compose it from Th, Tr and Td:
 *
 *     <Table label="Agents">
 *       <thead><tr><Th>Name</Th><Th align="end">Rows</Th></tr></thead>
 *       <tbody><Tr><Td>…</Td><Td align="end" numeric>12</Td></Tr></tbody>
 *     </Table>
 *
 * Lists that can grow beyond a few hundred rows are virtualised (see components/feed/feed-table.tsx).
 */
export function Table({ label, className, scrollClassName, children, ...props }: TableProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className={clsx("min-w-0 overflow-auto outline-offset-[-2px]", scrollClassName)}
    >
      <table className={clsx("w-full border-separate border-spacing-0 text-sm", className)} {...props}>
        {children}
      </table>
    </section>
  );
}

type CellAlign = "start" | "end" | "center";
const aligns: Record<CellAlign, string> = { start: "text-left", end: "text-right", center: "text-center" };

type ThProps = Omit<ComponentProps<"th">, "align"> & { align?: CellAlign; children?: ReactNode };

export function Th({ align = "start", className, ...props }: ThProps) {
  return (
    <th
      scope="col"
      className={clsx(
        "sticky top-0 z-10 h-8 border-b border-line bg-surface px-3 text-xs font-medium whitespace-nowrap text-ink-faint first:pl-4 last:pr-4",
        aligns[align],
        className,
      )}
      {...props}
    />
  );
}

type TrProps = ComponentProps<"tr"> & { selected?: boolean; interactive?: boolean };

/** `interactive` rows show that a click opens something; give the first cell a real link or button too. */
export function Tr({ selected, interactive, className, ...props }: TrProps) {
  return (
    <tr
      aria-selected={selected}
      className={clsx(
        "group/row",
        interactive && "cursor-default hover:bg-hover",
        selected && "bg-selected hover:bg-selected",
        className,
      )}
      {...props}
    />
  );
}

type TdProps = Omit<ComponentProps<"td">, "align"> & {
  align?: CellAlign;
  numeric?: boolean;
  mono?: boolean;
  /** One line with an ellipsis; give the column a width or max-width. */
  truncate?: boolean;
};

export function Td({ align = "start", numeric, mono, truncate, className, ...props }: TdProps) {
  return (
    <td
      className={clsx(
        "h-8 border-b border-line px-3 py-1 first:pl-4 last:pr-4 group-last/row:border-b-0",
        aligns[align],
        numeric && "numeric",
        mono && "font-mono text-xs",
        truncate && "max-w-0 truncate",
        className,
      )}
      {...props}
    />
  );
}

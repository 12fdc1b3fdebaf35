import type { ReactNode } from "react";

/** A titled part of a side panel. */
export function PanelPart({ title, actions, children }: { title?: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="px-4 py-3">
      {title ? (
        <div className="mb-2 flex min-h-6 items-center justify-between gap-3">
          <h3 className="overline-label">{title}</h3>
          {actions}
        </div>
      ) : null}
      {children}
    </section>
  );
}

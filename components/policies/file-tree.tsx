"use client";

import { clsx } from "clsx";
import { FileText, FlaskConical, Folder, type LucideIcon, ScrollText } from "lucide-react";
import type { ReactNode } from "react";

export type TreeFile = {
  name: string;
  /** beside the name: a count, a dot */
  note?: ReactNode;
  faulty?: boolean;
};

type FileTreeProps = {
  files: TreeFile[];
  selected: string | null;
  onSelect: (name: string) => void;
  all?: { label: string; onSelect: () => void };
};

/** The files of a bundle: policies and settings first, tests in their folder. */
export function FileTree({ files, selected, onSelect, all }: FileTreeProps) {
  const top = files.filter(({ name }) => !name.includes("/"));
  const inFolder = files.filter(({ name }) => name.includes("/"));
  return (
    <ul className="flex flex-col gap-px">
      {all ? (
        <li>
          <TreeButton icon={Folder} label={all.label} selected={selected === null} onSelect={all.onSelect} />
        </li>
      ) : null}
      {[...top].sort(byKind).map((file) => (
        <FileItem key={file.name} file={file} label={file.name} selected={selected} onSelect={onSelect} />
      ))}
      {inFolder.length > 0 ? (
        <li>
          <p className="flex h-7 items-center gap-2 px-2 text-xs text-ink-faint">
            <Folder className="size-3.5" aria-hidden /> tests
          </p>
          <ul className="flex flex-col gap-px pl-3">
            {[...inFolder].sort(byKind).map((file) => (
              <FileItem
                key={file.name}
                file={file}
                label={file.name.slice(file.name.indexOf("/") + 1)}
                selected={selected}
                onSelect={onSelect}
              />
            ))}
          </ul>
        </li>
      ) : null}
    </ul>
  );
}

type FileItemProps = {
  file: TreeFile;
  label: string;
  selected: string | null;
  onSelect: (name: string) => void;
};

function FileItem({ file, label, selected, onSelect }: FileItemProps) {
  return (
    <li>
      <TreeButton
        icon={iconOf(file.name)}
        label={label}
        note={file.note}
        faulty={file.faulty}
        selected={selected === file.name}
        onSelect={() => onSelect(file.name)}
      />
    </li>
  );
}

type TreeButtonProps = {
  icon: LucideIcon;
  label: string;
  note?: ReactNode;
  faulty?: boolean;
  selected: boolean;
  onSelect: () => void;
};

function TreeButton({ icon: Icon, label, note, faulty, selected, onSelect }: TreeButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={selected}
      onClick={onSelect}
      className={clsx(
        "flex h-7 w-full items-center gap-2 rounded-sm px-2 text-left text-xs",
        selected ? "bg-selected font-medium" : "hover:bg-hover",
      )}
    >
      <Icon className={clsx("size-3.5 shrink-0", faulty ? "text-deny" : "text-ink-faint")} aria-hidden />
      <span className={clsx("flex-1 truncate", faulty && "text-deny")}>{label}</span>
      {faulty ? <span className="sr-only">has errors</span> : null}
      <span className="numeric text-ink-faint">{note}</span>
    </button>
  );
}

function iconOf(name: string): LucideIcon {
  if (name.startsWith("tests/")) return FlaskConical;
  return name.endsWith(".cedar") ? ScrollText : FileText;
}

/** Policies before settings, by name. */
function byKind(a: TreeFile, b: TreeFile): number {
  const kind = (file: TreeFile) => (file.name.endsWith(".cedar") ? 0 : 1);
  return kind(a) - kind(b) || a.name.localeCompare(b.name);
}

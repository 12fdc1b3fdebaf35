"use client";

import { useState } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import type { BundleFiles } from "@/lib/policy/types";
import { CedarText } from "./cedar-text";
import { FileTree } from "./file-tree";

/** The files of a version as they were written. */
export function VersionFiles({ files }: { files: BundleFiles }) {
  const names = Object.keys(files).sort();
  const [selected, select] = useState(names.find((name) => name.endsWith(".cedar")) ?? names[0] ?? null);
  const text = selected === null ? undefined : files[selected];
  return (
    <div className="flex items-start gap-4">
      <div className="w-56 shrink-0">
        <FileTree files={names.map((name) => ({ name }))} selected={selected} onSelect={select} />
      </div>
      {text === undefined || selected === null ? null : (
        <CodeBlock value={text} label={`Copy ${selected}`} wrap className="min-w-0 flex-1 [&>pre]:max-h-none">
          {selected.endsWith(".cedar") ? <CedarText text={text} /> : text}
        </CodeBlock>
      )}
    </div>
  );
}

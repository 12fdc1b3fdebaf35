"use client";

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { BundleFault } from "@/lib/policy/types";
import { FileTree } from "./file-tree";
import { fileNameFault, newFileText, type useDraft } from "./use-draft";

type EditorFilesProps = {
  draft: ReturnType<typeof useDraft>;
  faults: BundleFault[];
  selected: string | null;
  onSelect: (name: string) => void;
};

/** The files of the bundle in work: which are changed, which are wrong, and new ones. */
export function EditorFiles({ draft, faults, selected, onSelect }: EditorFilesProps) {
  const faulty = new Set(faults.filter(({ severity }) => severity === "error").map(({ file }) => file));
  const files = Object.keys(draft.files).map((name) => ({
    name,
    faulty: faulty.has(name),
    note: draft.changed.has(name) ? <ChangedDot /> : undefined,
  }));
  return (
    <div className="flex w-60 shrink-0 flex-col border-r border-line">
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <FileTree files={files} selected={selected} onSelect={onSelect} />
      </div>
      <div className="flex flex-col gap-2 border-t border-line p-2">
        <NewFile draft={draft} onAdded={onSelect} />
        {selected === null ? null : (
          <Button variant="quiet" size="sm" className="justify-start" onClick={() => draft.remove(selected)}>
            <Trash2 aria-hidden /> <span className="truncate">Remove {selected}</span>
          </Button>
        )}
      </div>
    </div>
  );
}

function ChangedDot() {
  return (
    <>
      <span className="inline-block size-1.5 rounded-full bg-accent" aria-hidden />
      <span className="sr-only">changed</span>
    </>
  );
}

type NewFileProps = { draft: EditorFilesProps["draft"]; onAdded: (name: string) => void };

function NewFile({ draft, onAdded }: NewFileProps) {
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  return (
    <form
      className="flex flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = fileNameFault(name, draft.files);
        setFault(wrong);
        if (wrong !== null) return;
        draft.write(name, newFileText(name));
        onAdded(name);
        setName("");
      }}
    >
      <div className="flex gap-1">
        <Input
          mono
          className="h-7 text-xs"
          aria-label="New file"
          aria-invalid={fault !== null || undefined}
          placeholder="new-file.cedar"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" size="sm" aria-label="Add file" disabled={name === ""}>
          <Plus aria-hidden />
        </Button>
      </div>
      {fault ? <FieldError>{fault}</FieldError> : null}
    </form>
  );
}

"use client";

import { useCallback, useEffect, useMemo, useState } from "react";
import type { BundleFiles } from "@/lib/policy/types";

/** A bundle in work: the files as typed, and which differ from where it began. */
export function useDraft(base: BundleFiles) {
  const [files, setFiles] = useState(base);
  const changed = useMemo(() => {
    const names = new Set([...Object.keys(base), ...Object.keys(files)]);
    return new Set([...names].filter((name) => base[name] !== files[name]));
  }, [base, files]);
  const dirty = changed.size > 0;

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);

  const write = useCallback((name: string, text: string) => setFiles((all) => ({ ...all, [name]: text })), []);
  const remove = useCallback(
    (name: string) => setFiles((all) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))),
    [],
  );
  return { files, changed, dirty, write, remove };
}

const fileName = /^(tests\/)?[A-Za-z0-9_][A-Za-z0-9._-]*\.(cedar|yaml)$/;

/** Why a new file cannot have this name; null where it can. */
export function fileNameFault(name: string, files: BundleFiles): string | null {
  if (name in files) return `there is a file ${name} already`;
  if (!fileName.test(name)) return "a name such as refunds.cedar or tests/refunds.yaml";
  if (name.startsWith("tests/") !== name.endsWith(".yaml") && !["masking.yaml", "access.yaml"].includes(name)) {
    return "policies end with .cedar; tests stand in tests/ and end with .yaml";
  }
  return null;
}

/** What a new file begins with. */
export function newFileText(name: string): string {
  if (name.endsWith(".cedar")) return '@id("new-policy")\npermit (principal, action, resource);\n';
  return name.startsWith("tests/")
    ? "- name: what must be so\n  principal: agent/NAME\n  database: NAME\n  statement: SELECT 1\n  expect: allow\n"
    : "";
}

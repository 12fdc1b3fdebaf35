import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { auditEventSchema, auditEventSchemas, auditKinds } from "./event";
import { markOf } from "./field";

describe("audit events", () => {
  it("mark every field of every kind as personal, secret or none", () => {
    const unmarked: string[] = [];
    for (const [kind, schema] of auditEventSchemas) {
      for (const [name, field] of Object.entries(schema.shape)) {
        if (markOf(field as z.ZodType) === undefined) unmarked.push(`${kind}: ${name}`);
      }
    }
    expect(unmarked).toEqual([]);
  });

  it("have one schema per kind", () => {
    expect(new Set(auditKinds).size).toBe(auditEventSchemas.size);
    expect(auditKinds).toContain("statement.opened");
    expect(auditKinds).toContain("signin.refused");
  });

  const group = {
    id: "0190d0a0-0000-7000-8000-000000000000",
    kind: "group.added",
    at: "2026-01-02T03:04:05.678Z",
    actor: "person/ada@example.org",
    group: "security",
    source: "local",
  };

  it("are refused with an unknown kind, an unknown field, a loose time or an actor of no sort", () => {
    expect(auditEventSchema.safeParse(group).success).toBe(true);
    for (const change of [
      { kind: "group.painted" },
      { password: "x" },
      { at: "2026-01-02T03:04:05Z" },
      { actor: "ada@example.org" },
      { id: "1" },
    ]) {
      expect(auditEventSchema.safeParse({ ...group, ...change }).success).toBe(false);
    }
  });
});

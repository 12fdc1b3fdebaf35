import { describe, expect, it } from "vitest";
import { parseFilter } from "@/components/filters/parse-filter";
import { auditQuery } from "./audit-filters";

describe("auditQuery", () => {
  it("turns tokens into what the log can be narrowed by", () => {
    expect(
      auditQuery(
        parseFilter("agent:reporting-agent area:statement decision:deny request:42 from:2026-11-01 drop table"),
      ),
    ).toEqual({
      query: {
        actor: "agent/reporting-agent",
        area: "statement",
        decision: "deny",
        approvalId: 42,
        from: new Date("2026-11-01T00:00:00Z"),
        text: "drop table",
      },
      ignored: [],
    });
  });

  it.each(["-database:shop", "label:pii", "decision:maybe", "request:x", "from:yesterday"])(
    "says that %s is ignored",
    (text) => {
      expect(auditQuery(parseFilter(text))).toEqual({ query: {}, ignored: [text] });
    },
  );
});

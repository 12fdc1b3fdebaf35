import { describe, expect, it } from "vitest";
import { parseFilter } from "@/lib/audit/parse-filter";
import { narrowLog } from "./audit-filters";

describe("narrowLog", () => {
  it("turns tokens into what the log can be narrowed by", () => {
    expect(
      narrowLog(
        parseFilter("agent:reporting-agent area:statement decision:deny request:42 from:2026-11-01 drop table"),
      ),
    ).toEqual({
      narrowing: {
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
      expect(narrowLog(parseFilter(text))).toEqual({ narrowing: {}, ignored: [text] });
    },
  );
});

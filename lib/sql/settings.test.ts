import { describe, expect, it } from "vitest";
import { pinnedAccepts, type SettingClass, settingClass } from "./settings";
import { parseStartupOptions } from "./startup-options";

const classes: [string, SettingClass][] = [
  ["DateStyle", "free"],
  ["TimeZone", "free"],
  ["statement_timeout", "free"],
  ["application_name", "free"],
  ["search_path", "handled"],
  ["ROLE", "handled"],
  ["session_authorization", "handled"],
  ["countersign.reason", "brokerKept"],
  ["Countersign.Wait", "brokerKept"],
  ["standard_conforming_strings", "pinned"],
  ["client_encoding", "pinned"],
  ["session_replication_role", "refused"],
  ["log_statement", "refused"],
  ["session_preload_libraries", "refused"],
  ["pg_stat_statements.track", "refused"],
  ["countersign", "refused"],
  ["constructor", "refused"],
  ["", "refused"],
];

describe("settingClass", () => {
  it.each(classes)("gives %s the class %s", (name, expected) => {
    expect(settingClass(name)).toBe(expected);
  });
});

describe("pinnedAccepts", () => {
  it.each([
    ["standard_conforming_strings", "on", true],
    ["standard_conforming_strings", "TRUE", true],
    ["standard_conforming_strings", "off", false],
    ["standard_conforming_strings", null, true],
    ["client_encoding", "UTF8", true],
    ["client_encoding", "utf-8", true],
    ["client_encoding", "LATIN1", false],
    ["client_encoding", "SQL_ASCII", false],
    ["transform_null_equals", "on", false],
    ["work_mem", "4MB", false],
  ] as const)("%s = %s: %s", (name, value, accepted) => {
    expect(pinnedAccepts(name, value)).toBe(accepted);
  });
});

describe("parseStartupOptions", () => {
  it.each([
    ["", {}],
    ["  ", {}],
    ["-c geqo=off", { geqo: "off" }],
    ["-cgeqo=off --statement-timeout=5000", { geqo: "off", statement_timeout: "5000" }],
    ["-c search_path=a,b -c Search_Path=c", { search_path: "c" }],
    ["-c application_name=my\\ app\\\\x", { application_name: "my app\\x" }],
    ["--countersign.reason=fix\\ order\\ 7", { "countersign.reason": "fix order 7" }],
    ["-c\tx=\n--y=a=b", { x: "", y: "a=b" }],
    ["-c __proto__=1", JSON.parse('{"__proto__":"1"}')],
  ])("reads %j", (options, settings) => {
    expect(parseStartupOptions(options)).toEqual({ settings });
  });

  it.each(["-c", "-c geqo", "--geqo", "-c =x", "geqo=off", "-F", "-d 5", "-ec x=1", "--=x", "\\ -c x=1"])(
    "finds fault with %j",
    (options) => {
      expect(parseStartupOptions(options)).toHaveProperty("fault");
    },
  );

  it("bounds the number of arguments", () => {
    expect(parseStartupOptions("--a=1 ".repeat(257))).toHaveProperty("fault");
  });
});

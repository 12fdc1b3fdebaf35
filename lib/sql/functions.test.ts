import { describe, expect, it } from "vitest";
import { type FunctionClass, functionClass, literalMattersTo } from "./functions";
import { systemRelation } from "./system-relations";

const classes: Record<FunctionClass, string> = {
  pure: "lower count now random jsonb_path_query_first btrim timezone extract array_agg generate_series to_tsvector",
  info: "version pg_table_is_visible format_type pg_get_userbyid has_table_privilege to_regclass currval lastval",
  setting: "current_setting pg_show_all_settings",
  source: "pg_get_functiondef pg_get_function_sqlbody",
  stateSink: "nextval setval set_config pg_notify pg_advisory_lock lo_from_bytea lo_get txid_current setseed",
  sqlInString: "query_to_xml table_to_xml schema_to_xml database_to_xml cursor_to_xml ts_stat ts_rewrite",
  serverAccess: `pg_read_file pg_ls_dir pg_stat_get_activity lo_import lo_export pg_terminate_backend current_query
    pg_logical_slot_get_changes pg_stat_reset pg_walfile_name pg_create_restore_point`,
  sleep: "pg_sleep pg_sleep_for pg_sleep_until",
  unknown: "dblink crosstab int4pl textin my_function LOWER constructor hashtext pg_input_is_valid",
};

describe("functionClass", () => {
  const cases = Object.entries(classes).flatMap(([kind, names]) => names.split(/\s+/).map((name) => [name, kind]));
  it.each(cases)("gives %s the class %s", (name, kind) => {
    expect(functionClass(name as string)).toBe(kind);
  });

  it("knows where a literal argument decides", () => {
    expect(["set_config", "nextval", "regclass", "query_to_xml", "dblink"].every(literalMattersTo)).toBe(true);
    expect(["lower", "version"].some(literalMattersTo)).toBe(false);
  });
});

describe("systemRelation", () => {
  it.each([
    ["pg_catalog", "pg_class", "harmless"],
    ["pg_catalog", "pg_proc", "harmless"],
    ["information_schema", "columns", "harmless"],
    ["pg_catalog", "pg_stats", "sensitive"],
    ["pg_catalog", "pg_stat_activity", "sensitive"],
    ["pg_catalog", "pg_authid", "sensitive"],
    ["pg_catalog", "pg_stat_statements", "sensitive"],
    ["pg_catalog", "pg_of_the_future", "sensitive"],
    ["pg_toast", "pg_toast_1", "sensitive"],
    ["public", "pg_class", "sensitive"],
  ])("%s.%s is %s", (schema, name, access) => {
    expect(systemRelation(schema, name).access).toBe(access);
  });

  it("names columns that carry source text", () => {
    expect(systemRelation("pg_catalog", "pg_proc").sensitiveColumns).toContain("prosrc");
    expect(systemRelation("pg_catalog", "pg_class").sensitiveColumns).toEqual([]);
  });
});

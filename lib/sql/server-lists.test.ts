import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { functionClass, listedFunctions } from "./functions";
import { listedSettings } from "./settings";
import { listedSystemRelations, systemRelation } from "./system-relations";

type ServerLists = {
  functions: { name: string; support: boolean; volatility: string }[];
  relations: { name: string; columns: string[] }[];
  settings: { name: string; context: string }[];
};

let server: ServerLists;

beforeAll(async () => {
  const script = fileURLToPath(new URL("../../bin/generate-functions.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 16 * 1024 * 1024 });
  server = JSON.parse(stdout) as ServerLists;
}, 60_000);

/** Functions left unknown on purpose, with the reason. */
const leftUnknown: Record<string, string> = {
  "only triggers can call them": `pg_event_trigger_ddl_commands pg_event_trigger_dropped_objects
    pg_event_trigger_table_rewrite_oid pg_event_trigger_table_rewrite_reason`,
  "validators, called when something is created": `fmgr_c_validator fmgr_internal_validator fmgr_sql_validator
    plpgsql_validator postgresql_fdw_validator amvalidate`,
  "name a type or a relation in a string or by oid": `pg_input_error_info pg_input_is_valid satisfies_hash_partition`,
  "parts of other functions that nobody calls by this name": `dexp dlog1 dlog10 dround dtrunc enum_in enum_send int4inc
    int8_sum makeaclitem nameconcatoid numeric_div_trunc numeric_exp numeric_inc numeric_ln numeric_log numeric_sqrt
    pg_indexam_progress_phasename shell_in xmlvalidate`,
};

describe("the lists of built-in functions", () => {
  it("name only functions that the server has", () => {
    const known = new Set(server.functions.map((f) => f.name));
    expect(listedFunctions().filter((name) => !known.has(name))).toEqual([]);
  });

  it("leave out only support functions and those with a stated reason", () => {
    const reasons = new Set(Object.values(leftUnknown).flatMap((names) => names.trim().split(/\s+/)));
    const unknown = server.functions
      .filter((f) => !f.support && functionClass(f.name) === "unknown")
      .map((f) => f.name);
    expect(unknown.filter((name) => !reasons.has(name))).toEqual([]);
    expect([...reasons].filter((name) => !unknown.includes(name))).toEqual([]);
  });

  it("call a volatile function pure only where clock or chance is all it reads", () => {
    const volatile = server.functions.filter((f) => f.volatility.includes("v") && functionClass(f.name) === "pure");
    expect(volatile.map((f) => f.name)).toEqual([
      "array_sample",
      "array_shuffle",
      "clock_timestamp",
      "gen_random_uuid",
      "random",
      "random_normal",
      "timeofday",
      "uuidv4",
      "uuidv7",
    ]);
  });
});

describe("the lists of system relations", () => {
  it("name only relations and columns that the server has", () => {
    const known = new Map(server.relations.map((relation) => [relation.name, relation.columns]));
    const listed = listedSystemRelations();
    expect(listed.relations.filter((name) => !known.has(name))).toEqual([]);
    expect(listed.columns.filter(([relation, column]) => !known.get(relation)?.includes(column))).toEqual([]);
  });

  it("name every relation of pg_catalog, so that no name is taken for one that is not", () => {
    const names = server.relations.map(({ name }) => name.split(".")).filter(([schema]) => schema === "pg_catalog");
    expect([...listedSystemRelations().names].sort()).toEqual(names.map(([, name]) => name).sort());
  });

  it("hold these back", () => {
    const sensitive = server.relations
      .map((relation) => relation.name.split(".") as [string, string])
      .filter(([schema, name]) => systemRelation(schema, name).access === "sensitive")
      .map(([schema, name]) => (schema === "pg_catalog" ? name : `${schema}.${name}`))
      .filter((name) => !/^pg_stat(io)?_/.test(name));
    expect(sensitive).toEqual([
      "information_schema._pg_user_mappings",
      "information_schema.foreign_data_wrapper_options",
      "information_schema.foreign_server_options",
      "information_schema.foreign_table_options",
      "information_schema.user_mapping_options",
      "information_schema.user_mappings",
      "pg_aios",
      "pg_authid",
      "pg_backend_memory_contexts",
      "pg_config",
      "pg_cursors",
      "pg_db_role_setting",
      "pg_file_settings",
      "pg_hba_file_rules",
      "pg_ident_file_mappings",
      "pg_largeobject",
      "pg_largeobject_metadata",
      "pg_locks",
      "pg_prepared_statements",
      "pg_prepared_xacts",
      "pg_replication_origin",
      "pg_replication_origin_status",
      "pg_replication_slots",
      "pg_shadow",
      "pg_shmem_allocations",
      "pg_shmem_allocations_numa",
      "pg_statistic",
      "pg_statistic_ext_data",
      "pg_stats",
      "pg_stats_ext",
      "pg_stats_ext_exprs",
      "pg_subscription",
      "pg_subscription_rel",
      "pg_user_mapping",
      "pg_user_mappings",
    ]);
  });
});

describe("the list of settings", () => {
  it("names settings that the server has and lets every user change", () => {
    const known = new Map(server.settings.map((setting) => [setting.name.toLowerCase(), setting.context]));
    const outside = listedSettings().filter((name) => known.get(name) !== "user");
    // Not shown in pg_settings.
    expect(outside).toEqual(["role", "session_authorization"]);
  });
});

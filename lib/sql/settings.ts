/**
 * Which settings a client may change. `free` ones go to the upstream; `pinned` ones only accept the value that keeps
 * parser and server reading the same statement; `handled` ones change how names resolve or who the session is, so
 * the broker follows them; `brokerKept` ones are the broker's own and never forwarded; the rest is `refused`.
 */
export type SettingClass = "free" | "pinned" | "handled" | "brokerKept" | "refused";

const free = new Set(
  `datestyle intervalstyle timezone application_name array_nulls bytea_output check_function_bodies
  client_connection_check_interval client_min_messages constraint_exclusion cpu_index_tuple_cost cpu_operator_cost
  cpu_tuple_cost cursor_tuple_fraction default_statistics_target default_tablespace default_text_search_config
  default_toast_compression default_transaction_deferrable default_transaction_isolation
  default_transaction_read_only effective_cache_size effective_io_concurrency enable_async_append enable_bitmapscan
  enable_distinct_reordering enable_gathermerge enable_group_by_reordering enable_hashagg enable_hashjoin
  enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin
  enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning enable_partitionwise_aggregate
  enable_partitionwise_join enable_presorted_aggregate enable_self_join_elimination enable_seqscan enable_sort
  enable_tidscan escape_string_warning extra_float_digits from_collapse_limit geqo geqo_effort geqo_generations
  geqo_pool_size geqo_seed geqo_selection_bias geqo_threshold gin_fuzzy_search_limit hash_mem_multiplier
  idle_in_transaction_session_timeout idle_session_timeout jit jit_above_cost jit_expressions
  jit_inline_above_cost jit_optimize_above_cost jit_tuple_deforming join_collapse_limit lc_monetary lc_numeric lc_time
  lock_timeout maintenance_work_mem max_parallel_maintenance_workers max_parallel_workers
  max_parallel_workers_per_gather min_parallel_index_scan_size min_parallel_table_scan_size
  parallel_leader_participation parallel_setup_cost parallel_tuple_cost plan_cache_mode quote_all_identifiers
  random_page_cost recursive_worktable_factor row_security seq_page_cost statement_timeout synchronize_seqscans
  synchronous_commit tcp_keepalives_count tcp_keepalives_idle tcp_keepalives_interval tcp_user_timeout temp_buffers
  temp_tablespaces transaction_deferrable transaction_isolation transaction_read_only transaction_timeout work_mem
  xmlbinary xmloption`.split(/\s+/),
);

const handled = new Set(["search_path", "role", "session_authorization"]);

/** Values that a pinned setting accepts, in lower case. The first is the one in force. */
const pinned: Record<string, readonly string[]> = {
  standard_conforming_strings: ["on", "true", "yes", "1", "t", "y", "tru", "tr", "ye"],
  client_encoding: ["utf8", "utf-8", "unicode"],
  // x = NULL must stay what the analysis takes it for.
  transform_null_equals: ["off", "false", "no", "0", "f", "n", "of"],
};

/** Class of a setting. Names are compared as PostgreSQL does, without case. */
export function settingClass(name: string): SettingClass {
  const key = name.toLowerCase();
  if (key.startsWith("countersign.")) return "brokerKept";
  if (free.has(key)) return "free";
  if (handled.has(key)) return "handled";
  return Object.hasOwn(pinned, key) ? "pinned" : "refused";
}

/** Whether a pinned setting may be given this value; null (RESET, DEFAULT) goes back to what the broker started with. */
export function pinnedAccepts(name: string, value: string | null): boolean {
  const values = pinned[name.toLowerCase()];
  return values !== undefined && (value === null || values.includes(value.toLowerCase()));
}

/** Every listed name, for the test against the server. */
export function listedSettings(): string[] {
  return [...free, ...handled, ...Object.keys(pinned)];
}

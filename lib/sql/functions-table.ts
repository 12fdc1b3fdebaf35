/**
 * Reviewed functions of pg_catalog, by name and class, PostgreSQL 18. `bin/generate-functions.mjs` lists what the
 * server has; a test holds these lists against it. A name stands here only if every overload fits the class.
 */

/** Depends on its arguments, the clock, the time zone or chance, and changes nothing. */
export const pureFunctions = `
  abbrev abs acos acosd acosh age any_value area array_agg array_append array_cat array_dims array_fill array_length
  array_lower array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse
  array_sample array_shuffle array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind
  asinh atan atan2 atan2d atand atanh avg bit bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or
  bound_box box bpchar broadcast btrim bytea cardinality casefold cash_words cbrt ceil ceiling center char char_length
  character_length chr cidr circle clock_timestamp concat concat_ws convert convert_from convert_to corr cos cosd cosh
  cot cotd count covar_pop covar_samp crc32 crc32c cume_dist date date_add date_bin date_part date_subtract date_trunc
  datemultirange daterange decode degrees dense_rank diagonal diameter div encode enum_first enum_last enum_range erf
  erfc every exp extract factorial family first_value float4 float8 floor format gamma gcd gen_random_uuid
  generate_series generate_subscripts get_bit get_byte height host hostmask inet_merge inet_same_family initcap int2
  int4 int4multirange int4range int8 int8multirange int8range interval is_normalized isclosed isempty isfinite
  ishorizontal isopen isparallel isperp isvertical json_agg json_agg_strict json_array_element json_array_element_text
  json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
  json_each_text json_extract_path json_extract_path_text json_object json_object_agg json_object_agg_strict
  json_object_agg_unique json_object_agg_unique_strict json_object_field json_object_field_text json_object_keys
  json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector
  json_typeof jsonb_agg jsonb_agg_strict jsonb_array_element jsonb_array_element_text jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_concat jsonb_delete
  jsonb_delete_path jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any jsonb_extract_path
  jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
  jsonb_object_agg_unique_strict jsonb_object_field jsonb_object_field_text jsonb_object_keys jsonb_path_exists
  jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
  jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz
  jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax
  jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours
  justify_interval lag last_value lcm lead left length lgamma like like_escape line ln log log10 lower lower_inc
  lower_inf lpad lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time make_timestamp
  make_timestamptz masklen max md5 min min_scale mod mode money multirange mxid_age name netmask network normalize
  notlike now npoints nth_value ntile num_nonnulls num_nulls numeric nummultirange numnode numrange octet_length oid
  overlaps overlay parse_ident path pclose percent_rank percentile_cont percentile_disc pg_collation_for
  pg_column_size pg_lsn pg_size_bytes pg_size_pretty pg_typeof pg_wal_lsn_diff phraseto_tsquery pi plainto_tsquery
  point polygon popen position pow power querytree quote_ident quote_literal quote_nullable radians radius random
  random_normal range_agg range_intersect_agg range_merge rank regexp_count regexp_instr regexp_like regexp_match
  regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_avgx regr_avgy
  regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right round
  row_number row_to_json rpad rtrim scale set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 sign
  similar_escape similar_to_escape sin sind sinh slope split_part sqrt starts_with statement_timestamp stddev
  stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum tan tand tanh
  text textcat textlen time timeofday timestamp timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex
  to_json to_jsonb to_number to_oct to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array
  trim_scale trunc ts_delete ts_filter ts_headline ts_lexize ts_rank ts_rank_cd tsmultirange tsquery_phrase tsrange
  tstzmultirange tstzrange tsvector_to_array unicode_assigned unistr unnest upper upper_inc upper_inf
  uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7 var_pop var_samp varbit varchar variance
  websearch_to_tsquery width width_bucket xid xml xml_is_well_formed xml_is_well_formed_content
  xml_is_well_formed_document xmlagg xmlcomment xmlconcat2 xmlexists xmltext xpath xpath_exists
`;

/**
 * Reads the session or the catalog in ways that drivers, \d and introspection need, and that show no row; or gives up
 * what the session itself holds, as drivers do between two uses of a connection.
 */
export const infoFunctions = `
  acldefault aclexplode col_description current_database current_schema current_schemas current_user currval
  format_type get_current_ts_config getdatabaseencoding getpgusername has_any_column_privilege has_column_privilege
  has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege
  has_largeobject_privilege has_parameter_privilege has_schema_privilege has_sequence_privilege
  has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege icu_unicode_version
  inet_client_addr inet_client_port inet_server_addr inet_server_port lastval obj_description oidvectortypes
  pg_advisory_unlock pg_advisory_unlock_all
  pg_advisory_unlock_shared pg_available_extension_versions pg_available_extensions pg_backend_pid pg_basetype pg_char_to_encoding
  pg_client_encoding pg_collation_actual_version pg_collation_is_visible pg_column_is_updatable pg_conf_load_time
  pg_conversion_is_visible pg_current_snapshot pg_current_xact_id_if_assigned pg_database_collation_actual_version
  pg_database_size pg_describe_object pg_encoding_max_length pg_encoding_to_char pg_extension_update_paths
  pg_function_is_visible pg_get_acl pg_get_catalog_foreign_keys pg_get_constraintdef pg_get_expr
  pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result
  pg_get_indexdef pg_get_keywords pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef
  pg_get_publication_tables pg_get_replica_identity_index pg_get_ruledef pg_get_serial_sequence
  pg_get_statisticsobjdef pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions pg_get_triggerdef
  pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object pg_identify_object_as_address
  pg_index_column_has_property pg_index_has_property pg_indexam_has_property pg_indexes_size pg_is_in_recovery
  pg_is_other_temp_schema pg_jit_available pg_listening_channels pg_my_temp_schema pg_notification_queue_usage
  pg_numa_available pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible pg_options_to_table
  pg_partition_ancestors pg_partition_root pg_partition_tree pg_postmaster_start_time pg_relation_is_publishable
  pg_relation_is_updatable pg_relation_size pg_sequence_parameters pg_settings_get_flags
  pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin pg_statistics_obj_is_visible pg_table_is_visible pg_table_size
  pg_tablespace_databases pg_tablespace_size pg_timezone_abbrevs_abbrevs pg_timezone_abbrevs_zone pg_timezone_names
  pg_total_relation_size pg_trigger_depth pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
  pg_ts_template_is_visible pg_type_is_visible pg_visible_in_snapshot pg_xact_status regclass row_security_active
  session_user shobj_description system_user to_regclass to_regcollation to_regnamespace to_regoper to_regoperator
  to_regproc to_regprocedure to_regrole to_regtype to_regtypemod ts_debug ts_parse ts_token_type
  txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin txid_status
  txid_visible_in_snapshot unicode_version version
`;

/** Leaves something behind that outlives the statement, or that somebody else can read. */
export const stateSinkFunctions = `
  lo_close lo_creat lo_create lo_from_bytea lo_get lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64 lo_truncate
  lo_truncate64 lo_unlink loread lowrite nextval pg_advisory_lock pg_advisory_lock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared
  pg_current_xact_id pg_export_snapshot pg_logical_emit_message pg_notify pg_stat_clear_snapshot
  pg_stat_force_next_flush pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
  pg_try_advisory_xact_lock_shared set_config setseed setval txid_current
`;

/** Runs, or reads a table named by, a text that the analysis cannot see into. */
export const sqlInStringFunctions = `
  cursor_to_xml cursor_to_xmlschema database_to_xml database_to_xml_and_xmlschema database_to_xmlschema query_to_xml
  query_to_xml_and_xmlschema query_to_xmlschema schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema
  table_to_xml table_to_xml_and_xmlschema table_to_xmlschema ts_rewrite ts_stat
`;

/** Source text of functions: as open as pg_proc is, and as closed to principals with masks. */
export const sourceFunctions = "pg_get_function_sqlbody pg_get_functiondef";

/** Settings of the server and the session, the broker's among them. */
export const settingFunctions = "current_setting pg_show_all_settings";

export const sleepFunctions = "pg_sleep pg_sleep_for pg_sleep_until";

/** Files, processes, the write-ahead log, replication, statistics of other sessions. */
export const serverAccessFunctions = `
  brin_desummarize_range brin_summarize_new_values brin_summarize_range current_query currtid2 gin_clean_pending_list
  lo_export lo_import pg_blocking_pids pg_cancel_backend pg_clear_attribute_stats pg_clear_relation_stats
  pg_column_compression pg_column_toast_chunk_id pg_config pg_cursor pg_extension_config_dump pg_filenode_relation
  pg_get_aios pg_get_backend_memory_contexts pg_get_loaded_modules
  pg_get_multixact_members pg_get_replication_slots pg_get_sequence_data pg_get_shmem_allocations
  pg_get_shmem_allocations_numa pg_get_wait_events pg_hba_file_rules pg_ident_file_mappings
  pg_import_system_collations pg_isolation_test_session_is_blocked pg_last_committed_xact pg_lock_status
  pg_log_backend_memory_contexts pg_log_standby_snapshot pg_mcv_list_items pg_nextoid pg_prepared_statement
  pg_prepared_xact pg_promote pg_reload_conf pg_relation_filenode pg_relation_filepath pg_restore_attribute_stats
  pg_restore_relation_stats pg_rotate_logfile pg_safe_snapshot_blocking_pids pg_sequence_last_value
  pg_show_all_file_settings pg_show_replication_origin_status pg_split_walfile_name
  pg_stop_making_pinned_objects pg_tablespace_location pg_terminate_backend pg_xact_commit_timestamp
  pg_xact_commit_timestamp_origin
`;

/** Families of server access, so that a later version's new members are not a matter of somebody noticing. */
export const serverAccessFamilies: readonly RegExp[] = [
  /^binary_upgrade_/,
  /^pg_stat_/,
  /^pg_(?:ls|read|control|backup|current_wal|current_logfile|last_wal|last_xact|available_wal|get_wal|switch_wal)/,
  /^pg_(?:wal_(?!lsn_diff$)|walfile|is_wal|replication_|logical_slot|sync_replication)/,
  /^pg_(?:copy|create|drop)_(?:logical_replication|physical_replication|replication|restore)_/,
];

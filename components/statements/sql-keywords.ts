const words = `
  abort add after all alter always analyze and any array as asc atomic authorization before begin between both by
  call cascade case cast check close cluster collate column comment commit concurrently conflict constraint copy create
  cross cube current cursor data database deallocate declare default deferrable deferred delete desc discard distinct do
  domain drop each else end enum escape except exclude exclusive execute exists explain extension extract false fetch
  filter first following for force foreign freeze from full function generated global grant group grouping groups having
  identity if ilike immediate immutable in index inherits initially inner inout insert instead intersect interval into is
  isnull isolation join key language last lateral leading left level like limit listen load local lock locked
  logged matched materialized merge minvalue move natural next no not nothing notify notnull nowait null nulls of off
  offset on only option or order ordinality out outer over overlaps overriding owned owner partition passing policy
  position preceding prepare prepared primary privileges procedure procedures program publication range read reassign recursive references
  refresh reindex release rename repeatable replace replica reset restart restrict returning returns revoke right
  role rollback rollup row rows rule savepoint schema security select sequence serializable session set sets setof share
  show similar simple skip some stable start statement statistics storage stored strict subscription symmetric system
  table tablesample temp temporary then ties to trailing transaction trigger true truncate type unbounded uncommitted
  union unique unlisten unlogged until update user using vacuum valid validate values varying verbose view views
  volatile when where window with within without work write zone
`;

/** Words that stand out in highlighted SQL. For reading only: what a word means is the parser's business. */
export const sqlKeywords: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

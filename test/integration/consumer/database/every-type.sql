-- A table with a column of each type of pg_type and of each array, of types of one's own, and of extensions' types, and a row
-- with a value in each. Columns are named after their types; those that are not built in have their schema in the name and a default.
create extension hstore;
create extension citext;
create extension ltree;
create type public.colour as enum ('red', 'it''s "green"');
create type public.pair as (a int, b text);
create domain public.named_pair as public.pair;
create domain public.colours as public.colour[];
create domain public.more_colours as public.colours check (cardinality(value) > 1);
create type public.span_of_text as range (subtype = text, multirange_type_name = spans_of_text);
-- As the built-in ones are called, which Postgres takes when no schema is named.
create type public.money as (amount numeric, currency text);
create type public.time as enum ('now', 'then');
create domain public.int4 as text;

create table public.every_type (id int primary key);
insert into public.every_type values (1);

do $$
declare
  samples constant jsonb := '{
    "bool": "true", "bytea": "\\x00ff10", "char": "x", "name": "a name", "int8": "5", "int2": "2", "int4": "4", "text": "a \"b\", {c}",
    "oid": "4294967295", "tid": "(1,2)", "xid": "3", "cid": "4", "xid8": "18446744073709551615", "json": "{\"a\" : 1}", "xml": "<a>b</a>",
    "jsonb": "{\"a\": [1, null]}", "point": "(1,2)", "lseg": "[(1,2),(3,4)]", "path": "((1,2),(3,4))", "box": "(3,4),(1,2)",
    "polygon": "((1,2),(3,4),(5,6))", "line": "{1,2,3}", "circle": "<(1,2),3>", "float4": "1.5", "float8": "0.1", "money": "12.50",
    "macaddr": "08:00:2b:01:02:03", "macaddr8": "08:00:2b:01:02:03:04:05", "inet": "10.0.0.1/8", "cidr": "10.0.0.0/8",
    "aclitem": "pg_monitor=r/pg_monitor", "bpchar": "ab", "varchar": "é", "date": "2026-02-03", "time": "24:00:00",
    "timestamp": "2026-02-03 04:05:06", "timestamptz": "2026-02-03 04:05:06+00", "interval": "1 year 2 mons 3 days 04:05:06",
    "timetz": "24:00:00+02", "bit": "1", "varbit": "10101", "numeric": "1.10", "refcursor": "cursor", "regprocedure": "abs(integer)",
    "regproc": "now", "regoper": "||/", "regoperator": "+(integer,integer)", "regclass": "pg_class", "regcollation": "\"C\"",
    "regtype": "integer", "regrole": "pg_monitor", "regnamespace": "public", "regconfig": "english", "regdictionary": "simple",
    "uuid": "6ecd8c99-4036-403d-bf84-cf8400f67836", "pg_lsn": "16/B374D848", "tsvector": "''a'':1 ''b'':2",
    "tsquery": "''a'' & ''b''", "jsonpath": "$.\"a\"[*]", "txid_snapshot": "10:20:10,14", "pg_snapshot": "10:20:10,14",
    "int2vector": "1 2", "oidvector": "1 2",
    "int4range": "[1,5)", "numrange": "[1.1,2.2)", "int8range": "[1,5)", "tsrange": "[\"2026-01-01 00:00:00\",)",
    "tstzrange": "[\"2026-01-01 00:00:00+00\",)", "daterange": "[2026-01-01,)",
    "int4multirange": "{[1,3),[5,7)}", "nummultirange": "{[1.1,2.2)}", "int8multirange": "{[1,3)}", "tsmultirange": "{[\"2026-01-01 00:00:00\",)}",
    "tstzmultirange": "{[\"2026-01-01 00:00:00+00\",)}", "datemultirange": "{[2026-01-01,2026-02-01)}",
    "public.hstore": "\"a\"=>\"1\", \"b\"=>NULL", "public.citext": "Word", "public.ltree": "a.b", "public.lquery": "a.*", "public.ltxtquery": "a & b",
    "public.colour": "it''s \"green\"", "public.pair": "(1,\"a \"\"b\"\", c\")", "public.named_pair": "(1,)",
    "public.colours": "{red,\"it''s \\\"green\\\"\"}", "public.more_colours": "{red,red}", "public.span_of_text": "[a,\"b c\")",
    "public.spans_of_text": "{[a,\"b c\")}", "public.money": "(12.50,EUR)", "public.time": "then", "public.int4": "four"
  }';
  each record;
  sample text;
begin
  for each in
    select coalesce('_' || own || e.typname, own || t.typname) as name, own || e.typname as element, own <> '' as added,
      format('%I.%I', n.nspname, t.typname) as type, format('%I.%I', n.nspname, coalesce(e.typname, t.typname)) as element_type
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_type e on e.typarray = t.oid
      cross join lateral (select case n.nspname when 'pg_catalog' then '' else 'public.' end as own)
    where n.nspname in ('pg_catalog', 'public') and coalesce(e.typtype, t.typtype) in ('b', 'r', 'm', 'e', 'd', 'c')
      -- Rows of tables.
      and not exists (select from pg_class where oid in (t.typrelid, e.typrelid) and relkind <> 'c')
      -- What statistics and indexes are stored in: they have no input, so nobody has a value of them.
      and coalesce(e.typname, t.typname) not in
        ('gtsvector', 'pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary',
         'ghstore', 'ltree_gist')
    order by t.oid
  loop
    execute format('alter table public.every_type add column %I %s', each.name, each.type);
    sample := samples ->> coalesce(each.element, each.name)::text;
    if each.element is null then
      execute format('update public.every_type set %I = %L::%s', each.name, sample, each.type);
      if each.added then
        execute format('alter table public.every_type alter column %I set default %L::%s', each.name, sample, each.type);
      end if;
    elsif each.added and sample is not null then
      -- An array of a domain over arrays has no other way.
      execute format('update public.every_type set %I = array[%L, null]::text::%s', each.name, sample, each.type);
    elsif sample is not null then
      execute format('update public.every_type set %I = array[%L::%s, null]', each.name, sample, each.element_type);
    end if;
  end loop;
end $$;

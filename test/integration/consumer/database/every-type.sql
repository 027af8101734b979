-- A table with a column of each type of pg_type and of each array, and a row with a value in each.
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
    "aclitem": "pg_monitor=r/pg_monitor", "bpchar": "ab ", "varchar": "é", "date": "2026-02-03", "time": "24:00:00",
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
    "tstzmultirange": "{[\"2026-01-01 00:00:00+00\",)}", "datemultirange": "{[2026-01-01,2026-02-01)}"
  }';
  each record;
  sample text;
begin
  for each in
    select t.typname as name, format_type(t.oid, null) as type, e.typname as element, format_type(e.oid, null) as element_type
    from pg_type t left join pg_type e on e.typarray = t.oid
    where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype in ('b', 'r', 'm', 'e')
      -- What statistics and indexes are stored in: they have no input, so nobody has a value of them.
      and coalesce(e.typname, t.typname) not in
        ('gtsvector', 'pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list', 'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary')
      -- Arrays of rows of the catalogue's tables, and of pseudo-types.
      and coalesce(e.typtype, 'b') in ('b', 'r', 'm', 'e')
    order by t.oid
  loop
    execute format('alter table public.every_type add column %I %s', each.name, each.type);
    sample := samples ->> coalesce(each.element, each.name)::text;
    if each.element is null then
      execute format('update public.every_type set %I = %L::%s', each.name, sample, each.type);
    elsif sample is not null then
      execute format('update public.every_type set %I = array[%L::%s, null]', each.name, sample, each.element_type);
    end if;
  end loop;
end $$;

-- What the log does not tell of a row: see untold.ts, which takes REPLICA IDENTITY FULL away again.

-- A value of each type that is kept outside of its row, so that an UPDATE that does not touch it does not log it.
create table public.large (like public.every_type including indexes) with (toast_tuple_target = 128);
do $$
declare
  each name;
begin
  for each in select attname from pg_attribute where attrelid = 'public.large'::regclass and attnum > 0 and attstorage <> 'p' loop
    -- Compressed they would be short.
    execute format('alter table public.large alter column %I set storage external', each);
  end loop;
end $$;
insert into public.large select * from public.every_type;
update public.large set
  "bytea" = convert_to(repeat('a', 100), 'UTF8'), "text" = repeat('é', 100), "varchar" = repeat('a', 100), "bpchar" = repeat('a', 100),
  "json" = to_json(repeat('a', 100)), "jsonb" = to_jsonb(repeat('a', 100)), "xml" = ('<a>' || repeat('a', 100) || '</a>')::xml,
  "jsonpath" = ('$."' || repeat('a', 100) || '"')::jsonpath, "numeric" = repeat('9', 100)::numeric, "varbit" = repeat('10', 500)::varbit,
  "refcursor" = repeat('a', 100)::refcursor, "tsvector" = repeat('a', 100)::tsvector, "numrange" = numrange(0, repeat('9', 100)::numeric),
  "int4multirange" = (select range_agg(int4range(n, n + 1)) from generate_series(1, 50, 2) n),
  "int8multirange" = (select range_agg(int8range(n, n + 1)) from generate_series(1, 50, 2) n),
  "nummultirange" = (select range_agg(numrange(n, n + 1)) from generate_series(1, 50, 2) n),
  "datemultirange" = (select range_agg(daterange(date '2026-01-01' + n, date '2026-01-02' + n)) from generate_series(1, 50, 2) n),
  "tsmultirange" = (select range_agg(tsrange(timestamp '2026-01-01' + n * interval '1 h', timestamp '2026-01-02')) from generate_series(1, 9) n)
    + tsmultirange(tsrange('2027-01-01', '2028-01-01')),
  "tstzmultirange" = tstzmultirange(tstzrange('2026-01-01', '2027-01-01'), tstzrange('2028-01-01', '2029-01-01')),
  "public.citext" = repeat('a', 100)::citext, "public.hstore" = hstore('a', repeat('a', 100)), "public.ltree" = repeat('a', 100)::ltree,
  "public.lquery" = repeat('a', 100)::lquery, "public.ltxtquery" = repeat('a', 100)::ltxtquery, "public.int4" = repeat('a', 100),
  "public.pair" = row(1, repeat('a', 100)), "public.named_pair" = row(1, repeat('a', 100)), "public.money" = row(1, repeat('a', 100)),
  "public.span_of_text" = public.span_of_text('a', repeat('b', 100)),
  "public.spans_of_text" = public.spans_of_text(public.span_of_text('a', repeat('b', 100)));

-- Columns that must have a value, of types for which Debezium knows one that stands for none.
create table public.keyed (
  qty int not null, id int, price numeric not null, at timestamptz not null, day date not null, yes bool not null, reference uuid not null,
  kind text, tags text[] not null, bytes bytea not null, document jsonb not null, note text default 'said', primary key (id, kind)
);
insert into public.keyed values (5, 1, 9.5, '2026-01-01', '2026-01-01', true, gen_random_uuid(), 'a', '{x}', 'x', '{}', null);
create table public.indexed (qty int not null, code text not null, area int not null, unique (area, code));
create table public.parts (id int, at date not null, qty int not null, primary key (id, at)) partition by range (at);
create table public.parts_2026 partition of public.parts for values from ('2026-01-01') to ('2027-01-01');
create table public.parts_2027 (qty int not null, at date not null, id int not null, primary key (id, at));
alter table public.parts attach partition public.parts_2027 for values from ('2027-01-01') to ('2028-01-01');
-- It becomes another one in the transaction that writes to it.
create table public.changing (id int primary key, a int, b text, c text);

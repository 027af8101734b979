-- The tables of the consumer's tests, one for each of them. `note` steers the handler: see handler.ts.
create table public.crashed (id int primary key, version int, note text);
create table public.stopped (id int primary key, version int, note text);
create table public.told_1 (id int primary key, version int, word text, note text);
create table public.told_2 (like public.told_1 including all);
create table public.told_3 (like public.told_1 including all);
create table public.told_4 (like public.told_1 including all);
create table public.told_5 (like public.told_1 including all);
create table public.kept (id int primary key, version int, doc text);
create table public.keyless (id int);
create table public.batched (id int primary key, note text);
create table public.waiting (id int primary key, note text);
create table public.passing (id int primary key, note text);
create table public.letters (id int primary key, note text);
create table public.watched (id int primary key, note text);
create table public.unwatched (id int primary key, note text);
create table public.shown (id int primary key, note text);
create table public.defaults (id int primary key, word text default 'said', number int not null default 7, yes bool default true);

create type mood as enum ('sad', 'it''s "ok", 😀');
create table public.types (
  id bigint primary key,
  small smallint,
  big bigint,
  exact numeric(30, 10),
  any_exact numeric,
  single real,
  double double precision,
  price money,
  yes boolean,
  moment timestamptz,
  local timestamp,
  day date,
  clock time,
  zoned timetz,
  span interval,
  short varchar(20),
  padded char(5),
  long text,
  bytes bytea,
  bits bit(5),
  document jsonb,
  source json,
  markup xml,
  feeling mood,
  identity uuid,
  address inet,
  network cidr,
  hardware macaddr,
  whole int[],
  large bigint[],
  words text[],
  exacts numeric[],
  moments timestamptz[],
  days date[],
  feelings mood[],
  place point,
  range int4range,
  period tstzrange,
  search tsvector
);

-- More rows than a chunk of a snapshot beside the stream has, whose keys are read as text.
create table public.chunks (moment timestamp, feeling mood, day date, primary key (feeling, moment, day));

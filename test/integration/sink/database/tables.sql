create table public.accounts (id int primary key, balance numeric not null, owner text, changed timestamptz not null);
create table public.shapes (
  "First Part" int, part text, data bytea, amount numeric, tags text[], matrix int[][], doc jsonb, day date, clock time, span interval,
  at timestamp, place point, flags bit varying, big bigint, ratio double precision, primary key ("First Part", part));
create table public.bulk (n int, words text);
create table public.keyed (id int primary key, n int);
create table public.signalled (id int primary key);
insert into public.signalled select generate_series(1, 20);

-- For the snapshot.
insert into public.accounts select i, i, 'there before', now() from generate_series(1, 3000) i;
insert into public.shapes ("First Part", part, doc) select i, 'snapshot', '{}' from generate_series(1, 100) i;

create database warehouse;
\connect warehouse
-- As of a schema in which the ids are the database's own.
create table public.accounts (id int generated always as identity primary key, balance numeric not null, owner text, changed timestamptz not null);
create table public.shapes (
  "First Part" int, part text, data bytea, amount numeric, tags text[], matrix int[][], doc jsonb, day date, clock time, span interval,
  at timestamp, place point, flags bit varying, big bigint, ratio double precision, primary key ("First Part", part));

-- Rows that an older change was written over, which redelivery does to a sink that does not know what it has done.
create table public.steps_back (id int);
create function public.note_step() returns trigger language plpgsql as $$ begin insert into steps_back values (new.id); return null; end $$;
create trigger note_step after update on public.accounts for each row when (new.changed < old.changed) execute function public.note_step();
-- The sink writes as a replica does, for which other triggers do nothing.
alter table public.accounts enable always trigger note_step;

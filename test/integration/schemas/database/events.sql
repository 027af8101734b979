-- An event store: append-only streams, snapshots of aggregates, an outbox that is emptied, a log without a key.
create schema events;
set search_path = events;

create table streams (id uuid primary key, type text not null, version integer not null default 0);
create table events (
  position bigserial primary key,
  stream_id uuid not null references streams,
  version integer not null,
  type text not null,
  payload jsonb not null,
  metadata json,
  at timestamptz not null default clock_timestamp(),
  unique (stream_id, version)
);
create table snapshots (stream_id uuid primary key references streams, version integer, state bytea not null);
create table outbox (id uuid primary key default gen_random_uuid(), topic text not null, body jsonb, headers text[][]);
create table projections (name text primary key, position pg_lsn, seen xid8, done int8range, gaps int8multirange);
create table log (at timestamptz default clock_timestamp(), level text default 'info', line text);

insert into streams select md5(n::text)::uuid, 'cart', 1 from generate_series(1, 50) n;
insert into events (stream_id, version, type, payload) select md5(n::text)::uuid, 1, 'opened', '{"n": 1.50, "big": 12345678901234567890}'
  from generate_series(1, 50) n;
insert into projections values ('carts', '0/0', '0', '[0,0]', '{}');
insert into log (level, line) select nullif('level ' || n % 3, 'level 0'), 'line' from generate_series(1, 30) n;

-- Common types of columns, and rows for the snapshot.
create table customers (
  id serial primary key,
  first_name varchar,
  last_name varchar,
  email text,
  balance numeric(12, 2) default 12.5,
  active boolean default true,
  born date default '2000-02-29',
  score double precision default 0.5,
  visits bigint default 7,
  attributes jsonb default '{"a": [1, 2]}',
  tags text[] default '{x,y}',
  reference uuid default gen_random_uuid(),
  created_at timestamptz default now()
);
alter table customers replica identity full;
insert into customers (first_name, last_name, email) select 'alex', 'foley', 'alex.foley' from generate_series(1, 2000);

create table signals (id varchar primary key, type varchar not null, data varchar);
create publication training for table customers, signals;

-- The position up to which the connector has to read the log.
create table mark (lsn pg_lsn);
insert into mark values ('0/0');

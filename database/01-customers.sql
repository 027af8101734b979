-- Run once, when the database is made. Further files here run in the order of their names.
create table public.customers (
  id serial primary key,
  first_name varchar,
  last_name varchar,
  email varchar
);

-- The whole old row in every update and delete event, not only its key.
alter table public.customers replica identity full;

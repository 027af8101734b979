create table packed (
  id integer generated always as identity primary key,
  codec text not null,
  note text not null
);

create table flat (id integer primary key, note text);
create table short (id integer primary key, note text);
create table keyed (id integer primary key, note text);
create table orders_eu (id integer primary key, note text);
create table orders_us (id integer primary key, note text);

create table outbox (
  id uuid primary key,
  aggregatetype text not null,
  aggregateid text not null,
  type text not null,
  payload jsonb not null
);

create table again (id integer primary key);
create table aged (id integer primary key);
create table waited (id integer primary key);

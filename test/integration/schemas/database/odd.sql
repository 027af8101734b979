-- What is rare, and allowed: keys of any type, unique indexes that tell no rows apart, defaults of any type, names of any kind.
create schema odd;
set search_path = odd;

create type mood as enum ('sad', 'it''s ok', 'happy "x"');
create domain positive as int default 7 not null check (value > 0);
create domain instant as timestamptz(3);
create type pair as (a int, b text, c numeric[]);
create type span as range (subtype = text);

create table some_rows (id int not null, v text);
create unique index on some_rows (id) where v is not null;
create table may_be_null (id int unique, v text);
create table null_once (id int unique nulls not distinct, v text);
create table second_index (b int unique, a int not null, v text, constraint zzz unique (a));
create table at_the_end (id int not null unique deferrable, v text);
create table computed (id int not null, v text);
create unique index on computed ((id::text));
create table carried (id int not null, w int, v text);
create unique index on carried (id) include (w);
create table ranks (rank int primary key deferrable initially deferred, v text);

create table by_float (id double precision primary key, v text);
create table by_array (id int[] primary key, v text);
create table by_pair (id pair primary key, v text);
create table by_mood (m mood, p positive, v text, primary key (p, m));
create table by_json (id jsonb primary key, v text);
create table by_time (id timestamptz primary key, v text);
create table by_text (id text primary key, v text);

create table defaults (
  id int generated always as identity primary key,
  mood mood default 'sad', moods mood[] not null default array['sad', null]::mood[], p positive, pair pair default row(1, 'a"b', '{1.50,null}'),
  span span default '[a,"b c")', bytes bytea default '\x00ff', at timestamptz default '-infinity', day date not null default 'infinity',
  time time default '24:00', n numeric default 'NaN', f double precision not null default '-0', gap interval default '-1 year 2 mons -3 days +04:05:06.7',
  bits varbit default B'101', money money default 12.5, place point default '(1,2)', yes boolean default true,
  rounded numeric(3, -2) default 12345, precise timestamptz(3) default '2026-01-01 00:00:00.1236Z', seconds timestamptz(0) default '2026-01-01Z', instant instant default '2026-01-01Z'
);
create table names (
  "Upper Case" int default 4, id int, "before" text, after text, op text, "unchanged" text, "__deleted" boolean, source text, "a.b" text, "q""uote" text,
  "__proto__" text, "constructor" text, "tab	ulator" text, primary key ("Upper Case", id)
);
create table one_column (id int primary key);
create table holes (id int primary key, gone int, v text);
alter table holes drop column gone;

insert into some_rows values (1, 'a'), (1, null), (1, null), (2, 'b');
insert into may_be_null values (1, 'a'), (null, 'b'), (null, 'c');
insert into null_once values (1, 'a'), (null, 'b');
insert into second_index values (null, 1, 'a'), (null, 2, 'b');
insert into at_the_end values (1, 'a'), (2, 'b');
insert into computed values (1, 'a'), (2, 'b');
insert into carried values (1, 1, 'a'), (2, null, 'b');
insert into ranks values (1, 'a'), (2, 'b'), (3, 'c');
insert into by_float values (0.1, 'a'), ('NaN', 'b'), ('-Infinity', 'c'), (1e300, 'd');
insert into by_array values ('{1,2}', 'a'), ('{}', 'b'), ('[0:1]={1,2}', 'c'), ('{{1},{2}}', 'd'), ('{null}', 'e');
insert into by_pair values (row(1, 'x', null), 'a'), (row(2, 'y"z', '{1.0}'), 'b');
insert into by_mood values ('sad', 1, 'a'), ('it''s ok', 1, 'b');
insert into by_json values ('{"a": 1}', 'a'), ('null', 'b'), ('"x"', 'c');
insert into by_time values ('infinity', 'a'), ('0044-03-15 BC', 'b'), ('2026-01-01 00:00:00.000001', 'c');
insert into by_text values ('', 'a'), (' pad ', 'b'), (E'line\nbreak', 'c'), ('😀', 'd');
insert into defaults (p) values (1), (2);
insert into names (id, "before") values (1, 'b');
insert into one_column values (-1), (0);
insert into holes values (1, 'a');

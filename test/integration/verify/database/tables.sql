-- What `npm run verify` has to follow: each table is changed in another way by test/integration/verify.test.ts.
create schema shop;

create table shop.widened (id int primary key, tenant int not null default 1, v text);
insert into shop.widened (id, v) select n, 'v' || n from generate_series(1, 50) n;

create table shop.copied (id int primary key, v text default 'none');
insert into shop.copied select n, 'v' || n from generate_series(100001, 100010) n;

create table shop.emptied (id int primary key, v text);
insert into shop.emptied select n, 'v' || n from generate_series(1, 50) n;

create table shop.documents (id int primary key, n int, document text);
alter table shop.documents alter document set storage external;
insert into shop.documents select n, 0, repeat('x' || n, 4000) from generate_series(1, 10) n;

create table shop.lines (item text, amount int);
insert into shop.lines select 'item ' || n % 3, n % 2 from generate_series(1, 60) n;

create table shop.measured (day date, sensor int, value float8, primary key (day, sensor)) partition by range (day);
create table shop.measured_1 partition of shop.measured for values from ('2026-01-01') to ('2026-02-01');
create table shop.measured_2 partition of shop.measured for values from ('2026-02-01') to ('2026-03-01');
insert into shop.measured select date '2026-01-01' + n, n, n / 3.0 from generate_series(0, 50) n;

create table shop.nothing (id int primary key, v text);

create table shop.altered (id int primary key, price numeric(10, 2), gone text);
insert into shop.altered select n, n, 'g' from generate_series(1, 5) n;

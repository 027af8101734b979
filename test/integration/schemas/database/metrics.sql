-- Measurements: partitioned by time and, within it, by region; wide numeric rows; partitions made while the writes go on.
create schema metrics;
set search_path = metrics;

create table sensors (id integer primary key, name text, unit varchar(10) default 'C', settings double precision[]);
create table samples (
  sensor integer not null,
  at timestamptz not null,
  value double precision,
  low real,
  flags bit(4),
  raw bytea,
  primary key (sensor, at)
) partition by range (at);
create table samples_2025 partition of samples for values from ('2025-01-01') to ('2026-01-01');
create table samples_rest partition of samples default;
create table hourly (
  region text not null,
  hour timestamptz not null,
  average double precision,
  histogram integer[],
  primary key (region, hour)
) partition by list (region);
create table hourly_eu partition of hourly for values in ('eu') partition by range (hour);
create table hourly_eu_all partition of hourly_eu for values from (minvalue) to (maxvalue);
create table hourly_us partition of hourly for values in ('us', 'ca');

insert into sensors select n, 'sensor ' || n, case when n % 2 = 0 then null else 'F' end, array[n::double precision, 'NaN', null, '-Infinity'] from generate_series(1, 20) n;
insert into samples select n % 20, timestamptz '2025-12-31 12:00Z' + n * interval '7 minutes', n / 3.0, n / 7.0, b'1010', decode(md5(n::text), 'hex')
  from generate_series(1, 500) n;
insert into hourly select (array['eu', 'us', 'ca'])[1 + n % 3], timestamptz '2026-01-01Z' + n * interval '1 hour', n / 9.0, array[n, n + 1]
  from generate_series(1, 200) n;

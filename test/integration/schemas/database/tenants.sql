-- Many tenants in one schema: policies on a setting of the session, forced on the owner too; the application is a role of its own.
create schema tenants;
set search_path = tenants;

create role tenant_app nosuperuser nobypassrls login password 'tenant';
create table tenants (id uuid primary key, name text not null, plan text default 'free');
create table accounts (
  tenant_id uuid not null default current_setting('app.tenant')::uuid references tenants,
  id bigint generated always as identity,
  owner text collate "C",
  balance numeric default 0,
  network cidr,
  primary key (tenant_id, id)
);
create table bookings (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null default current_setting('app.tenant')::uuid,
  during tstzrange not null,
  room text default 'any',
  exclude using gist (during with &&) where (room = 'hall')
);
create table notes (tenant_id uuid not null default current_setting('app.tenant')::uuid, note text);

alter table accounts enable row level security;
alter table accounts force row level security;
alter table bookings enable row level security;
alter table notes enable row level security;
alter table notes force row level security;
create policy own on accounts using (tenant_id = current_setting('app.tenant')::uuid);
create policy own on bookings using (tenant_id = current_setting('app.tenant')::uuid);
create policy own on notes using (tenant_id = current_setting('app.tenant')::uuid) with check (true);

grant usage on schema tenants to tenant_app;
grant select, insert, update, delete on all tables in schema tenants to tenant_app;

insert into tenants select md5(n::text)::uuid, 'tenant ' || n, nullif('plan ' || n % 2, 'plan 0') from generate_series(1, 10) n;
select set_config('app.tenant', md5('1')::uuid::text, false);
insert into accounts (owner, balance, network) select 'owner ' || n, n / 7.0, '10.0.0.0/8' from generate_series(1, 30) n;
insert into bookings (during) select tstzrange(now() + n * interval '1 hour', null) from generate_series(1, 10) n;
insert into notes (note) select 'note ' || n from generate_series(1, 10) n;

-- What migrations of a Ruby web framework make: plural tables, timestamps(6), join tables without a key, polymorphic references.
create schema rails;
set search_path = rails;

create table schema_migrations (version character varying not null primary key);
create table ar_internal_metadata (
  key character varying not null primary key,
  value character varying,
  created_at timestamp(6) without time zone not null,
  updated_at timestamp(6) without time zone not null
);
create table users (
  id bigserial primary key,
  email character varying default '' not null,
  encrypted_password character varying default '' not null,
  admin boolean default false,
  posts_count integer default 0 not null,
  settings jsonb default '{}' not null,
  last_sign_in_ip inet,
  deleted_at timestamp(6) without time zone,
  created_at timestamp(6) without time zone not null,
  updated_at timestamp(6) without time zone not null
);
create unique index index_users_on_email on users (email);
create table posts (
  id bigserial primary key,
  user_id bigint not null constraint fk_rails_5b5ddfd518 references users,
  title character varying,
  body text,
  status integer default 0,
  published_at timestamp(6) without time zone,
  created_at timestamp(6) without time zone not null,
  updated_at timestamp(6) without time zone not null
);
create table comments (
  id bigserial primary key,
  commentable_type character varying not null,
  commentable_id bigint not null,
  body text,
  lock_version integer default 0 not null,
  created_at timestamp(6) without time zone not null,
  updated_at timestamp(6) without time zone not null
);
create table tags (id bigserial primary key, name character varying);
create table posts_tags (post_id bigint not null, tag_id bigint not null);
create unique index index_posts_tags_on_both on posts_tags (post_id, tag_id);

insert into schema_migrations select to_char(timestamp '2026-01-01' + n * interval '1 day', 'YYYYMMDDHH24MISS') from generate_series(1, 30) n;
insert into ar_internal_metadata values ('environment', 'test', now(), now());
insert into tags (name) select 'tag ' || n from generate_series(1, 10) n;
insert into users (email, admin, last_sign_in_ip, created_at, updated_at)
  select 'user' || n || '@example.com', nullif(n % 3, 2) = 1, ('10.0.0.' || n)::inet, now(), now() from generate_series(1, 30) n;
insert into posts (user_id, title, body, created_at, updated_at)
  select 1 + n % 30, 'post ' || n, repeat('text ', n), now(), now() from generate_series(1, 100) n;
insert into posts_tags select n, 1 + n % 10 from generate_series(1, 100) n;

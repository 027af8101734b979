-- What migrations of a TypeScript ORM make: quoted names with capitals, timestamps(3), enums, join tables "A"/"B" without a primary key.
create schema prisma;
set search_path = prisma;

create type "Role" as enum ('USER', 'ADMIN');
create table "User" (
  "id" text not null,
  "email" text not null,
  "name" text,
  "role" "Role" not null default 'USER',
  "roles" "Role"[] default array['USER']::"Role"[],
  "createdAt" timestamp(3) not null default current_timestamp,
  "updatedAt" timestamp(3) not null,
  constraint "User_pkey" primary key ("id")
);
create unique index "User_email_key" on "User" ("email");
create table "Post" (
  "id" serial not null,
  "title" text not null,
  "content" text,
  "published" boolean not null default false,
  "views" bigint not null default 0,
  "rating" decimal(65, 30),
  "meta" jsonb,
  "authorId" text,
  constraint "Post_pkey" primary key ("id"),
  constraint "Post_authorId_fkey" foreign key ("authorId") references "User" ("id") on delete set null on update cascade
);
create table "Category" ("id" serial not null, "name" text not null, constraint "Category_pkey" primary key ("id"));
create table "_CategoryToPost" (
  "A" integer not null references "Category" ("id") on delete cascade on update cascade,
  "B" integer not null references "Post" ("id") on delete cascade on update cascade
);
create unique index "_CategoryToPost_AB_unique" on "_CategoryToPost" ("A", "B");
create index "_CategoryToPost_B_index" on "_CategoryToPost" ("B");

insert into "User" select 'c' || md5(n::text), n || '@example.com', nullif('name ' || n % 4, 'name 0'), 'ADMIN', null, now(), now()
  from generate_series(1, 20) n;
insert into "Category" ("name") select 'category ' || n from generate_series(1, 6) n;
insert into "Post" ("title", "rating", "meta", "authorId")
  select 'post ' || n, n / 7.0, jsonb_build_object('n', n), 'c' || md5((1 + n % 20)::text) from generate_series(1, 60) n;
insert into "_CategoryToPost" select 1 + n % 6, n from generate_series(1, 60) n;

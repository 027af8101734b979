create table packed (
  id integer generated always as identity primary key,
  codec text not null,
  note text not null
);

import { Client } from "pg";
import { captureProvider } from "../../../components/capture/capture-provider";
import type { CaptureInputs, CaptureOutputs } from "../../../components/capture/capture-types";

export const DATABASE = "others";
/** A database like other people's: settings for all roles, policies, partitions, a publication with a filter. */
const SETUP = `
  alter database ${DATABASE} set bytea_output = 'escape';
  alter database ${DATABASE} set intervalstyle = 'sql_standard';
  alter database ${DATABASE} set extra_float_digits = 0;
  alter database ${DATABASE} set statement_timeout = '5s';
  alter database ${DATABASE} set default_transaction_read_only = off;
  create table notes (id int primary key, tenant int);
  insert into notes values (1, 1), (2, 2);
  alter table notes enable row level security;
  create policy own on notes using (tenant = current_setting('app.tenant')::int);
  create table metrics (id int, at date, primary key (id, at)) partition by range (at);
  create table metrics_2026 partition of metrics for values from ('2026-01-01') to ('2027-01-01');
  insert into metrics values (1, '2026-05-01');
  create table lines (at date, text text) partition by range (at);
  create table vehicles (id int primary key);
  create table cars (seats int) inherits (vehicles);
  insert into cars values (1, 4);
  create table plain (id int primary key, "Size" int, size int);
  create table seats (id int primary key, code text not null unique);
  alter table seats replica identity using index seats_code_key;
  create table doors (code text not null unique, name text not null unique);
  alter table doors replica identity using index doors_code_key;
  create table "x.y" (id int primary key);
  create schema "public.x";
  create table "public.x".y (id int primary key);
  create table boxes (id int primary key, w int, h int, area int generated always as (w * h) stored);
  create table computed (w int, twice int generated always as (w * 2) stored primary key);
  create table gone (id int, u int not null);
  create unique index gone_u on gone (u);
  alter table gone replica identity using index gone_u;
  drop index gone_u;
  create view seen as select * from boxes;
  create materialized view kept as select * from boxes;
  create unlogged table quick (id int primary key);
  create sequence numbers;
  create table ledger (id int primary key, code text not null unique);
  alter table ledger replica identity using index ledger_code_key;
  create table parted (id int primary key) partition by range (id);
  create table parted_1 partition of parted for values from (0) to (10);
  alter table parted_1 replica identity nothing;
  create schema odd;
  create table odd."a b" (id int primary key);
  create table odd.a_b (id int primary key);
  create table odd."""q" (id int primary key);
`;
/** What an engine passes as the inputs before, when there are none. */

/** A database beside the stack's own, in which the capture's verbs are called. */
export class CapturedDatabase {
  admin!: Client;
  inputs!: CaptureInputs;
  /** Outputs of the capture's last create or update. */
  outs!: CaptureOutputs;

  constructor(private readonly databaseUrl: () => string) {}

  async connected(settings: Partial<CaptureInputs & { user: string; password: string }>): Promise<Client> {
    const { hostname, port, username, password } = new URL(this.databaseUrl());
    const at = { host: hostname, port: Number(port), user: username, password: decodeURIComponent(password) };
    const client = new Client({ ...at, ...settings });
    await client.connect();
    return client;
  }

  async begin(): Promise<void> {
    const { hostname, port, username, password } = new URL(this.databaseUrl());
    this.inputs = {
      ...{ host: hostname, port: Number(port), database: DATABASE, readyTimeoutSeconds: 10, keepSlot: false },
      ...{ adminUser: username, adminPassword: decodeURIComponent(password), role: "others", rolePassword: "word" },
      ...{ publication: "others", slotName: "others", replicaIdentity: "FULL", signalTable: "others.signals" },
      tables: ["public.notes", "public.metrics"],
    };
    const first = await this.connected({ database: "postgres" });
    await first.query(`create database ${DATABASE}`);
    await first.end();
    this.admin = await this.connected({ database: DATABASE });
    await this.admin.query(SETUP);
    this.outs = (await captureProvider.create!(this.inputs)).outs!;
  }

  async end(): Promise<void> {
    if (this.outs) await captureProvider.delete!("others", this.outs);
    await this.admin.end();
  }
}

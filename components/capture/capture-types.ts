import type { DatabaseTls } from "../database/address";
import type { Drift } from "../../program/dynamic/drift";

/** What an UPDATE or DELETE writes of the old row: all of it, or the key. */
export type ReplicaIdentity = "FULL" | "DEFAULT";

/** How to reach the database as its administrator, from the machine that runs `pulumi`. */
export interface CaptureConnection {
  host: string;
  port: number;
  database: string;
  adminUser: string;
  /** Empty where a command prints it. */
  adminPassword: string;
  /** A shell command that prints the administrator's password, for those that are valid for minutes. @default none */
  adminPasswordCommand?: string;
  /** @default none: no TLS */
  tls?: DatabaseTls;
}

/** What a role that somebody else made has from this capture, and loses with it. */
export interface GivenRole {
  /** Tables that it was granted SELECT on, and schemas USAGE. */
  tables: string[];
  schemas: string[];
  /** Whether it was granted CONNECT on the database. */
  connect: boolean;
}

/** The resource's inputs as the provider gets them: every value known, secrets in plain text. */
export interface CaptureInputs extends CaptureConnection {
  role: string;
  rolePassword: string;
  /** Whether a role that somebody else made is used as it is. States of 0.1.0 have none. */
  existingRole?: boolean;
  /** As declared: `schema.table`, `schema.*`, or `!schema.table` for one of its tables that is left out. */
  tables: string[];
  publication: string;
  slotName: string;
  /** Whose capture it is, the same for all its life: `cdc-dev/capture`. States of 0.1.0 have none. */
  owner?: string;
  replicaIdentity: ReplicaIdentity;
  /** See PostgresCaptureArgs; states of 0.1.0 have none. */
  wantsKeys?: boolean;
  /** See PostgresCaptureArgs; only where it is so. `quiet`: what arrives in another form is said elsewhere. */
  stock?: { leftOut: string; quiet?: boolean };
  signalTable: string;
  keepSlot: boolean;
  readyTimeoutSeconds: number;
  /** Filled by `check`: the tables that `tables` stands for, when the database answers; else what is certain. */
  captured?: string[];
  /** Filled by `check` like `captured`: their generated columns, `schema.table.column`, sorted. They are in no event. */
  generated?: string[];
  /** Filled by `check` like `captured`: the tables' ids as the database has them noted. */
  noted?: Record<string, string>;
  /** Filled by `check` when the database differs from what was applied last. */
  drift?: Drift;
}

/** What is kept in the stack's state. */
export interface CaptureOutputs extends CaptureInputs {
  captured: string[];
  /** See `tableIds`; states of 0.1.0 have none. */
  tableIds?: Record<string, string>;
  /** Where the role is somebody else's: what was granted to it. */
  given?: GivenRole;
}

import type { DatabaseTls } from "../database/address";
import type { Drift } from "../../program/dynamic/drift";

/** What an UPDATE or DELETE logs of the old row. `FULL`: the whole row. `DEFAULT`: the key. */
export type ReplicaIdentity = "FULL" | "DEFAULT";

/** How to reach the database as its administrator, from the machine that runs `pulumi`. */
export interface CaptureConnection {
  host: string;
  port: number;
  database: string;
  adminUser: string;
  /** Empty where `adminPasswordCommand` is set. */
  adminPassword: string;
  /** A shell command that prints the administrator's password, for passwords that are valid for minutes. @default none */
  adminPasswordCommand?: string;
  /** @default none: no TLS */
  tls?: DatabaseTls;
}

/** The rights that this capture gave to a role that somebody else made. They are revoked with the capture. */
export interface GivenRole {
  /** Tables that the role was granted SELECT on. */
  tables: string[];
  /** Schemas that the role was granted USAGE on. */
  schemas: string[];
  /** Whether the role was granted CONNECT on the database. */
  connect: boolean;
}

/** The resource's inputs as the provider gets them: every value known, secrets in plain text. */
export interface CaptureInputs extends CaptureConnection {
  /** See PostgresCaptureArgs. */
  instance?: string;
  role: string;
  rolePassword: string;
  /** Whether a role that somebody else made is used as it is. States of 0.1.0 have none. */
  existingRole?: boolean;
  /** As declared: `schema.table`, `schema.*`, or `!schema.table` for a table of the schema that is left out. */
  tables: string[];
  publication: string;
  slotName: string;
  /** Owner of the capture, which never changes: `cdc-dev/capture`. States of 0.1.0 have none. */
  owner?: string;
  replicaIdentity: ReplicaIdentity;
  /** See PostgresCaptureArgs; states of 0.1.0 have none. */
  wantsKeys?: boolean;
  /** See PostgresCaptureArgs. `quiet`: the check does not list columns that arrive in another form, since the caller does. */
  stock?: { leftOut: string; quiet?: boolean };
  signalTable: string;
  /** See PostgresCaptureArgs; states of earlier versions have none. */
  takeOver?: boolean;
  keepSlot: boolean;
  readyTimeoutSeconds: number;
  /** Filled by `check`: the tables that `tables` stands for. Without an answer of the database, only where `tables` has no `schema.*`. */
  captured?: string[];
  /** Filled by `check`, when the database answers: generated columns, `schema.table.column`, sorted. They are in no event. */
  generated?: string[];
  /** Filled by `check`, when the database answers: the tables' ids as the capture has noted them there. */
  noted?: Record<string, string>;
  /** Filled by `check`, when the database answers: see `databaseId`. States of earlier versions have none. */
  server?: string;
  /** Filled by `check`, when the database answers, where address or name are others than before: whether that is another database. */
  elsewhere?: boolean;
  /** Filled by `check` when the database differs from what was applied last. */
  drift?: Drift;
}

/** What is kept in the stack's state. */
export interface CaptureOutputs extends CaptureInputs {
  captured: string[];
  /** See `tableIds`; states of 0.1.0 have none. */
  tableIds?: Record<string, string>;
  /** Another one each time that the capture is made, as in another database. States of earlier versions have none. */
  captureId?: string;
  /** For a role that somebody else made: the rights that this capture gave it. */
  given?: GivenRole;
}

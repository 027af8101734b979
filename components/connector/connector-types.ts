import type { DatabaseAddress } from "../database/address";
import type { Drift } from "../../program/dynamic/drift";
import type { ConnectSecurity } from "../existing/connect/connect-access";
import type { KafkaSecurity } from "../existing/kafka/kafka-access";

/** What a connector should be doing. PAUSED keeps an idle task; STOPPED has no task. */
export type DesiredState = "RUNNING" | "PAUSED" | "STOPPED";

/** Connect knows strings only; numbers and booleans are turned into them. */
export type ConfigValue = string | number | boolean;

/** How to reach the captured database from the machine that runs `pulumi`, as the connector's own role, which has REPLICATION. */
export type SourceDatabase = DatabaseAddress;

/** A role of the captured database that sees the statements of other sessions: a superuser, or a member of pg_read_all_stats. */
export interface Observer {
  user: string;
  /** Its password. Pass a Pulumi secret. Empty where a command prints it. */
  password: string;
  /** A shell command that prints the password, run for each connection. @default none */
  passwordCommand?: string;
}

/** The resource's inputs as the provider gets them: every value known, secrets in plain text. */
export interface ConnectorInputs {
  connectUrl: string;
  connectToken?: string;
  connectSecurity?: ConnectSecurity;
  connectorName: string;
  config: Record<string, ConfigValue>;
  /** Keys of the config that only Connect may see, beside `config`. */
  secretConfig?: Record<string, string>;
  state: DesiredState;
  database?: SourceDatabase;
  observer?: Observer;
  secretsVersion?: string;
  worker?: string;
  bootstrapServers?: string;
  kafkaSecurity?: KafkaSecurity;
  groupPrefix?: string;
  kafkaCluster?: string;
  tableIds?: Record<string, string>;
  captureId?: string;
  missed?: string;
  keepOffsets: boolean;
  keepSlot: boolean;
  readyTimeoutSeconds: number;
  deleteTimeoutSeconds: number;
  /** Filled by `check` when the live connector differs from what was applied last. */
  drift?: Drift;
}

/** One task as Connect reports it. */
export interface TaskState {
  id: number;
  state: string;
}

/** What is kept in the stack's state. */
export interface ConnectorOutputs extends Omit<ConnectorInputs, "state"> {
  /** RUNNING, PAUSED or STOPPED as wanted; after a refresh what was found, FAILED included. */
  state: string;
  tasks: TaskState[];
  topics: string[];
  pluginVersion: string;
  /** Tables whose existing rows are still to be read. */
  pendingSnapshots: string[];
}

/** `GET /connectors/{name}/status`. */
export interface ConnectorStatus {
  connector: { state: string; trace?: string; worker_id?: string };
  tasks: { id: number; state: string; trace?: string; worker_id?: string }[];
}

/** The connector before a change. The wait tells the new task from the old one by it. */
export interface Before {
  status?: ConnectorStatus;
  /** The database process that served the old task. */
  reader?: number;
  /** Whether the change makes Connect start the tasks again. */
  restarts: boolean;
  /** Where the database's log ended when a failed task was started again. The change that it failed on lies before that. */
  failedBefore?: bigint;
}

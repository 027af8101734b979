import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../../program/dynamic/dynamic-resource";
import type { DatabaseTls } from "../database/address";
import type { ReplicaIdentity } from "./capture-types";

export interface PostgresCaptureArgs {
  /** Postgres' host, as seen from the machine that runs `pulumi`. @default "127.0.0.1" */
  host?: pulumi.Input<string>;
  /** Its TCP port, as seen from the machine that runs `pulumi`. */
  port: pulumi.Input<number>;
  /** Database whose tables are captured. Changing it replaces the resource. */
  database: pulumi.Input<string>;
  /**
   * Who makes the role and the publication: a superuser, or somebody with fewer rights. Which are missing is said in the
   * preview, as SQL.
   */
  adminUser: pulumi.Input<string>;
  /** Its password. A secret from here on. */
  adminPassword: pulumi.Input<string>;
  /** A shell command that prints it instead, run for each connection: for those that are valid for minutes. @default none */
  adminPasswordCommand?: pulumi.Input<string>;
  /** TLS to the server, in libpq's words. Its key is a secret from here on. @default none */
  tls?: { [K in keyof DatabaseTls]: pulumi.Input<DatabaseTls[K]> };
  /** Role for the connector: LOGIN, REPLICATION, SELECT on the captured tables, nothing else. Changing it replaces. */
  role: pulumi.Input<string>;
  /** That role's password. A secret from here on. */
  rolePassword: pulumi.Input<string>;
  /**
   * Whether a role of that name that somebody else made is used, if it logs in with that password. It is never altered and
   * stays when the resource is deleted. @default false: it is refused
   */
  existingRole?: pulumi.Input<boolean>;
  /**
   * Tables to capture: `schema.table`, or `schema.*` for all of a schema's tables but those of `!schema.table`. At least one.
   * Names are taken as they are written; one with a dot, a comma, a quote or a star stands in double quotes: `public."a.b"`.
   */
  tables: pulumi.Input<pulumi.Input<string>[]>;
  /** Publication with exactly these tables. Changing it replaces the resource. */
  publication: pulumi.Input<string>;
  /** The connector's replication slot, dropped with the resource if it is still there. Changing it replaces. */
  slotName: pulumi.Input<string>;
  /** `FULL` puts the whole old row into UPDATE and DELETE events; `DEFAULT` only its key. @default "FULL" */
  replicaIdentity?: pulumi.Input<ReplicaIdentity>;
  /** Refuses tables whose records have no key, which compacted topics do not take. @default false */
  wantsKeys?: pulumi.Input<boolean>;
  /**
   * Where Debezium is as it is published, without the classes of `images/kafka/extensions`: refuses columns that it does not tell
   * whole, but for those that its `column.exclude.list` leaves out. @default none: it has them
   */
  stock?: { leftOut: pulumi.Input<string> };
  /**
   * Table through which the connector is asked to read an added table's existing rows; made and owned by this
   * resource. Beside it, as `captured`, is noted what is captured and which replica identity tables had before. Empty:
   * none of both, so nothing tells between two updates that a table was made anew. @default "debezium.signals"
   */
  signalTable?: pulumi.Input<string>;
  /**
   * Whose capture it is, as comments on role, publication and signal table say: a later capture of this owner knows them as
   * its own, also without a state. @default `<project>-<stack>/<name of the resource>`
   */
  owner?: string;
  /** Leaves the replication slot when the resource is deleted. It keeps WAL until somebody drops it. @default false */
  keepSlot?: pulumi.Input<boolean>;
  /** Seconds to wait for Postgres to accept connections. @default 120 */
  readyTimeoutSeconds?: pulumi.Input<number>;
}

/**
 * The database side of change data capture: a role of its own, a publication with exactly the captured tables and
 * their replica identity. Made, changed and repaired in one transaction.
 */
export class PostgresCapture extends DynamicResource {
  declare readonly role: pulumi.Output<string>;
  declare readonly publication: pulumi.Output<string>;
  declare readonly slotName: pulumi.Output<string>;
  declare readonly signalTable: pulumi.Output<string>;
  /** The tables that are captured, without quotes, `schema.*` resolved, sorted. Known in a preview when the database answers. */
  declare readonly captured: pulumi.Output<string[]>;
  /** Their generated columns, `schema.table.column`: what the connector leaves out. Known in a preview like `captured`. */
  declare readonly generated: pulumi.Output<string[]>;
  /** What identifies each of them: another id than before says that rows of it were missed, and have to be read again. */
  declare readonly tableIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: PostgresCaptureArgs, opts?: pulumi.CustomResourceOptions) {
    super("components/capture/capture-provider", "postgres:Capture", name, propsOf(name, args), opts);
  }
}

function propsOf(name: string, args: PostgresCaptureArgs): pulumi.Inputs {
  return {
    ...args,
    host: args.host ?? "127.0.0.1",
    adminPassword: pulumi.secret(args.adminPassword),
    rolePassword: pulumi.secret(args.rolePassword),
    ...(args.tls?.key !== undefined && { tls: { ...args.tls, key: pulumi.secret(args.tls.key) } }),
    replicaIdentity: args.replicaIdentity ?? "FULL",
    signalTable: args.signalTable ?? "debezium.signals",
    keepSlot: args.keepSlot ?? false,
    readyTimeoutSeconds: args.readyTimeoutSeconds ?? 120,
    owner: args.owner ?? `${pulumi.getProject()}-${pulumi.getStack()}/${name}`,
    captured: undefined,
    generated: undefined,
    tableIds: undefined,
    given: undefined,
  };
}

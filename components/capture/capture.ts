import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../../program/dynamic/dynamic-resource";
import type { DatabaseTls } from "../database/address";
import type { ReplicaIdentity } from "./capture-types";

export interface PostgresCaptureArgs {
  /**
   * Postgres' host, as seen from the machine that runs `pulumi`. Another host or port that leads to another database replaces the
   * resource; the same database under another name does not. @default "127.0.0.1"
   */
  host?: pulumi.Input<string>;
  /** Its TCP port, as seen from the machine that runs `pulumi`. */
  port: pulumi.Input<number>;
  /**
   * Any text that changes when the server is made anew, as its container's id: the capture is then applied again, so that an `up` ends only
   * once that server answers. @default none
   */
  instance?: pulumi.Input<string>;
  /** Database whose tables are captured. Another one replaces the resource; the same one that was renamed does not. */
  database: pulumi.Input<string>;
  /**
   * User that makes the role and the publication: a superuser, or one with fewer rights. The preview shows missing rights as the SQL that
   * grants them.
   */
  adminUser: pulumi.Input<string>;
  /** Password of `adminUser`. A secret from here on. */
  adminPassword: pulumi.Input<string>;
  /** A shell command that prints the password, run for each connection: for passwords that are valid for minutes. @default none */
  adminPasswordCommand?: pulumi.Input<string>;
  /** TLS to the server, with libpq's modes. The client's key is a secret from here on. @default none */
  tls?: { [K in keyof DatabaseTls]: pulumi.Input<DatabaseTls[K]> };
  /** Role for the connector: LOGIN, REPLICATION, SELECT on the captured tables, nothing else. Changing it replaces. */
  role: pulumi.Input<string>;
  /** Password of `role`. A secret from here on. */
  rolePassword: pulumi.Input<string>;
  /**
   * Whether the capture may use a role of that name that somebody else made, if `rolePassword` logs it in. Such a role is never altered,
   * and stays when the resource is deleted. @default false: it is refused
   */
  existingRole?: pulumi.Input<boolean>;
  /**
   * Tables to capture, at least one: `schema.table`, or `schema.*` for all of a schema's tables but those of `!schema.table`.
   * Case counts. A name with a dot, a comma, a quote or a star must be in double quotes: `public."a.b"`.
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
   * For a Debezium as it is published, without the classes of `images/kafka/extensions`: refuses columns whose values it does not write
   * whole, except those that `leftOut`, its `column.exclude.list`, leaves out. @default none: Debezium has the classes
   */
  stock?: { leftOut: pulumi.Input<string> };
  /**
   * Table through which the connector is asked to read an added table's existing rows. This resource makes and owns it. In the same
   * schema, table `captured` notes what is captured, and which replica identity tables had before. Empty: neither table is made, and
   * nothing notices between two updates that a table was dropped and created again. @default "debezium.signals"
   */
  signalTable?: pulumi.Input<string>;
  /**
   * Owner of the capture. Comments on role, publication and signal table name it, so that a later capture of this owner knows them as
   * its own, even without a state. @default `<project>-<stack>/<name of the resource>`
   */
  owner?: string;
  /**
   * Whether a capture of the same `owner` in the database is taken over although it is at work and the state knows nothing of it: the state of this
   * very stack was lost. @default false: it is refused, since another stack of the same name may have made it
   */
  takeOver?: pulumi.Input<boolean>;
  /** Leaves the replication slot when the resource is deleted. It keeps WAL until somebody drops it. @default false */
  keepSlot?: pulumi.Input<boolean>;
  /** Seconds to wait for Postgres to accept connections. @default 120 */
  readyTimeoutSeconds?: pulumi.Input<number>;
}

/**
 * The database side of change data capture: a role for the connector, a publication with exactly the captured tables, and
 * their replica identity. Each apply makes, changes and repairs them in one transaction.
 */
export class PostgresCapture extends DynamicResource {
  declare readonly role: pulumi.Output<string>;
  declare readonly publication: pulumi.Output<string>;
  declare readonly slotName: pulumi.Output<string>;
  declare readonly signalTable: pulumi.Output<string>;
  /** The captured tables, without quotes, `schema.*` resolved, sorted. Known in a preview when the database answers. */
  declare readonly captured: pulumi.Output<string[]>;
  /** Generated columns of the captured tables, `schema.table.column`: the connector leaves them out. Known in a preview like `captured`. */
  declare readonly generated: pulumi.Output<string[]>;
  /** An id for each captured table. Where it changes, changes of the table were missed, and its rows have to be read again. */
  declare readonly tableIds: pulumi.Output<Record<string, string>>;

  /** Another one each time that the capture is made; undefined where an earlier version made it. The connector begins anew with another one. */
  declare readonly captureId: pulumi.Output<string | undefined>;

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
    captureId: undefined,
    given: undefined,
  };
}

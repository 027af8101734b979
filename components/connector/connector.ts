import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../../program/dynamic/dynamic-resource";
import type { ConnectSecurity } from "../existing/connect/connect-access";
import type { KafkaSecurity } from "../existing/kafka/kafka-access";
import type { ConfigValue, DesiredState, Observer, SourceDatabase, TaskState } from "./connector-types";

export interface DebeziumConnectorArgs {
  /** Kafka Connect's REST address, as seen from the machine that runs `pulumi`: `http://127.0.0.1:8083`. */
  connectUrl: pulumi.Input<string>;
  /**
   * Token that each request to Kafka Connect carries as `Authorization: Bearer …`, for a Connect behind a proxy that asks for one.
   * Pass a Pulumi secret. @default none
   */
  connectToken?: pulumi.Input<string>;
  /** What Kafka Connect asks of its clients: name and password, certificates. A secret. @default nothing */
  connectSecurity?: pulumi.Input<ConnectSecurity>;
  /** Name in Kafka Connect. Changing it replaces the connector: offsets and slot of the old one are dropped. */
  connectorName: pulumi.Input<string>;
  /**
   * The connector's configuration, `connector.class` included; `postgresSource` builds one for Postgres. Only the
   * keys given here are compared and owned. A Pulumi secret is refused: see `secretFiles`.
   */
  config: pulumi.Input<Record<string, pulumi.Input<ConfigValue>>>;
  /**
   * Keys of the config for a Connect that has no secret file to refer to. They are secrets here and in the state, but everybody who may
   * use Connect's REST API reads them there. @default none
   */
  secretConfig?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Whether the connector runs, is paused, or is stopped. A new one has this state from the start. @default "RUNNING" */
  state?: pulumi.Input<DesiredState>;
  /**
   * The captured database, as seen from the machine that runs `pulumi`. With it the resource waits until the slot is streamed, drops the
   * slot itself on delete and has the existing rows of added tables read. Without it the resource looks at Connect's offsets and
   * lets Debezium drop the slot. @default none
   */
  database?: pulumi.Input<{ [K in keyof SourceDatabase]: pulumi.Input<SourceDatabase[K]> }>;
  /**
   * Role that looks in `database` for transactions that hold up the connector, and may see their statements. Without an observer
   * only their processes, users and programs are shown. @default none
   */
  observer?: pulumi.Input<{ [K in keyof Observer]: pulumi.Input<Observer[K]> }>;
  /** Changes when a secret that the config refers to changes (`secretsVersion`): restarts the connector. @default none */
  secretsVersion?: pulumi.Input<string>;
  /**
   * Id of the container that Connect runs in. A new container reads its connectors from Kafka; with this the resource waits until it
   * has done so. @default none
   */
  worker?: pulumi.Input<string>;
  /**
   * Kafka as seen from the machine that runs `pulumi`: `127.0.0.1:29092`. With it, and `database`, an apply has the existing rows of
   * added tables read, and waits for that. Without it these rows are not read. @default none
   */
  bootstrapServers?: pulumi.Input<string>;
  /** What `bootstrapServers` asks of its clients: TLS, name and password. A secret. @default nothing */
  kafkaSecurity?: pulumi.Input<KafkaSecurity>;
  /**
   * What the names of groups begin with that an apply joins to read a topic. Another one alone changes nothing. @default "cdc"
   */
  groupPrefix?: pulumi.Input<string>;
  /**
   * What identifies the Kafka that Connect writes to. With another id, offsets and records are in another Kafka: all rows are read, where
   * snapshot.mode reads any. @default none: a connector without offsets tells it
   */
  kafkaCluster?: pulumi.Input<string>;
  /**
   * What identifies each table in the database: `PostgresCapture.tableIds`. A table whose id changes was dropped and created again
   * under its name; its rows are read like those of an added table. @default none
   */
  tableIds?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * What identifies the capture in the database: `PostgresCapture.captureId`. Where `database` has another address and this is another one
   * too, offsets are of another server's log: they are dropped, and all rows are read. @default none: a slot that is missing there tells it
   */
  captureId?: pulumi.Input<string | undefined>;
  /**
   * Changes that were lost, as a sentence of the program that watches the stack. A new sentence is refused; where snapshot.mode is
   * `when_needed` all rows are read again. @default none
   */
  missed?: pulumi.Input<string>;
  /** Leaves the offsets in Kafka when the resource is deleted, so that a connector of the same name resumes. @default false */
  keepOffsets?: pulumi.Input<boolean>;
  /** Leaves the replication slot when the resource is deleted. It keeps WAL until somebody drops it. @default false */
  keepSlot?: pulumi.Input<boolean>;
  /** Seconds that create and update may take until records flow. Time in which a snapshot makes progress does not count. @default 300 */
  readyTimeoutSeconds?: pulumi.Input<number>;
  /** Seconds that delete may take while Connect answers. Where nobody listens at its address, delete goes on after 5. @default 60 */
  deleteTimeoutSeconds?: pulumi.Input<number>;
}

/**
 * A connector in Kafka Connect: created and changed by upsert, ready when its tasks run and records flow.
 *
 * An existing connector of that name is taken over, so a program can adopt one made by hand.
 */
export class DebeziumConnector extends DynamicResource {
  declare readonly connectUrl: pulumi.Output<string>;
  declare readonly connectorName: pulumi.Output<string>;
  /** The configuration as applied: secrets as references, never as values. */
  declare readonly config: pulumi.Output<Record<string, ConfigValue>>;
  /** RUNNING, PAUSED or STOPPED; after a refresh also FAILED or UNASSIGNED. */
  declare readonly state: pulumi.Output<string>;
  declare readonly tasks: pulumi.Output<TaskState[]>;
  /** Topics it writes to, without Debezium's internal ones. */
  declare readonly topics: pulumi.Output<string[]>;
  /** Version of the connector's plugin: `3.7.0.Final`. */
  declare readonly pluginVersion: pulumi.Output<string>;

  constructor(name: string, args: DebeziumConnectorArgs, opts?: pulumi.CustomResourceOptions) {
    super("components/connector/connector-provider", "debezium:Connector", name, propsOf(name, args), opts);
  }

  /**
   * A connector that something else owns, read and never changed.
   *
   * @param id `<connectUrl>|<name>`, as in `http://127.0.0.1:8083|customer-cdc`
   */
  static get(name: string, id: pulumi.Input<string>, opts?: pulumi.CustomResourceOptions): DebeziumConnector {
    const args = { connectUrl: "", connectorName: "", config: {} };
    return new DebeziumConnector(name, args, { ...opts, id });
  }
}

function propsOf(name: string, args: DebeziumConnectorArgs): pulumi.Inputs {
  return {
    ...args,
    config: pulumi.output(withoutSecrets(name, args.config)),
    state: args.state ?? "RUNNING",
    keepOffsets: args.keepOffsets ?? false,
    keepSlot: args.keepSlot ?? false,
    readyTimeoutSeconds: args.readyTimeoutSeconds ?? 300,
    deleteTimeoutSeconds: args.deleteTimeoutSeconds ?? 60,
    tasks: undefined,
    topics: undefined,
    pluginVersion: undefined,
    pendingSnapshots: undefined,
  };
}

type Config = DebeziumConnectorArgs["config"];

/**
 * The config, once it is certain that no secret is in it: any caller of Connect's REST API could read a secret there.
 *
 * @throws pulumi.RunError naming the keys, never the values
 */
export async function withoutSecrets(name: string, config: Config): Promise<Config> {
  if (!(await pulumi.isSecret(pulumi.output(config)))) return config;
  const inner = pulumi.Output.isInstance(config) || config instanceof Promise ? {} : config;
  const keys = Object.keys(inner);
  const secret = await Promise.all(keys.map((key) => pulumi.isSecret(pulumi.output(inner[key]))));
  const named = keys.filter((_, at) => secret[at]);
  throw new pulumi.RunError(
    `DebeziumConnector "${name}": ${named.join(", ") || "something"} in config is secret. ` +
      "Upload it as a file for the worker and refer to it: secretFiles makes both.",
  );
}

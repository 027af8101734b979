import * as pulumi from "@pulumi/pulumi";
import { PostgresCapture } from "cdc/capture";
import { DebeziumConnector, postgresSource, secretRef } from "cdc/connector";

/** A database, with its address for this program and for Kafka Connect's workers. */
interface Database {
  name: string;
  host: string;
  port: number;
  seenByConnect: { hostname: string; port: number };
  tables: string[];
}

const at = (port: number) => ({ host: "db.internal", port, seenByConnect: { hostname: "db.internal", port } });
const config = new pulumi.Config();
const connectUrl = config.require("connectUrl");
/** Folder in which Kafka Connect's own config provider finds the roles' passwords. */
const secretsFolder = config.get("secretsFolder") ?? "/run/secrets";

/** Whether Kafka Connect runs this project's image. Without its classes, values have the forms that Debezium gives them. */
const extensions = config.getBoolean("extensions") ?? false;

/** The databases to capture. */
const databases = config.getObject<Database[]>("databases") ?? [
  { name: "shop", ...at(5432), tables: ["public.orders"] },
  { name: "billing", ...at(5433), tables: ["public.invoices", "public.payments"] },
];

/** Captures one database: its role, publication and slot, and the connector that reads it. */
function captured({ name, host, port, seenByConnect, tables }: Database): DebeziumConnector {
  const rolePassword = config.requireSecret(`${name}RolePassword`);
  const capture = new PostgresCapture(`${name}-capture`, {
    host,
    port,
    database: name,
    adminUser: config.get("adminUser") ?? "postgres",
    adminPassword: config.requireSecret(`${name}AdminPassword`),
    role: `cdc_${name}`,
    rolePassword,
    tables,
    publication: `cdc_${name}`,
    slotName: `cdc_${name}`,
    signalTable: `cdc_${name}.signals`,
  });
  return new DebeziumConnector(`${name}-connector`, {
    connectUrl,
    connectToken: config.getSecret("connectToken"),
    connectorName: name,
    config: postgresSource({
      ...seenByConnect,
      database: name,
      user: capture.role,
      password: secretRef(`${name}-password`, secretsFolder),
      topicPrefix: name,
      tables: capture.captured,
      leftOut: capture.generated,
      slotName: capture.slotName,
      publication: capture.publication,
      signalTable: capture.signalTable,
      extensions,
    }),
    // With this, `up` waits until records flow, and reports what the database refuses.
    database: { host, port, database: name, user: capture.role, password: rolePassword },
    tableIds: capture.tableIds,
  });
}

export const states = databases.map((database) => captured(database).state);

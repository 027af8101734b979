import * as pulumi from "@pulumi/pulumi";
import { PostgresCapture } from "cdc/capture";
import { DebeziumConnector, postgresSource, secretRef } from "cdc/connector";

const config = new pulumi.Config();
const connectUrl = config.require("connectUrl");

/** What there is to capture, and where it is reached from here and from Connect's workers. */
const DATABASES = [
  { name: "shop", port: 5432, tables: ["public.orders"] },
  { name: "billing", port: 5433, tables: ["public.invoices", "public.payments"] },
];

/** One database: its role, publication and slot, and the connector that reads it. */
function captured({ name, port, tables }: (typeof DATABASES)[number]): DebeziumConnector {
  const rolePassword = config.requireSecret(`${name}RolePassword`);
  const capture = new PostgresCapture(`${name}-capture`, {
    host: "db.internal",
    port,
    database: name,
    adminUser: "postgres",
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
    connectorName: name,
    config: postgresSource({
      hostname: "db.internal",
      port,
      database: name,
      user: capture.role,
      password: secretRef(`${name}-password`, "/run/secrets"),
      topicPrefix: name,
      tables: capture.captured,
      leftOut: capture.generated,
      slotName: capture.slotName,
      publication: capture.publication,
      signalTable: capture.signalTable,
      extensions: false,
    }),
    // With it `up` waits until records flow, and says what the database has against it.
    database: { host: "db.internal", port, database: name, user: capture.role, password: rolePassword },
    tableIds: capture.tableIds,
  });
}

export const states = DATABASES.map((database) => captured(database).state);

import * as pulumi from "@pulumi/pulumi";
import { DebeziumConnector, postgresSource, secretRef } from "cdc/connector";

/** A connector at a Kafka Connect and a Postgres that are there already; role, publication and topics too. */
const config = new pulumi.Config();
const connector = new DebeziumConnector("orders", {
  connectUrl: config.require("connectUrl"),
  connectorName: "orders",
  config: postgresSource({
    hostname: "db.internal",
    database: "shop",
    user: "debezium",
    // That Connect's own config provider reads it: the config holds the reference.
    password: secretRef("database-password", "/run/secrets"),
    topicPrefix: "shop",
    tables: ["public.orders", "public.order_lines"],
    slotName: "orders",
    publication: "orders",
    // Debezium as it is published, without the classes of images/kafka/extensions.
    extensions: false,
  }),
});

export const state = connector.state;
export const topics = connector.topics;

import * as pulumi from "@pulumi/pulumi";
import { DebeziumConnector, postgresSource, secretRef } from "cdc/connector";

/** A connector in a Kafka Connect and for a Postgres that exist already. Its role, publication and topics exist, too. */
const config = new pulumi.Config();
const connector = new DebeziumConnector("orders", {
  connectUrl: config.require("connectUrl"),
  connectorName: "orders",
  config: postgresSource({
    hostname: "db.internal",
    database: "shop",
    user: "debezium",
    // Kafka Connect's own config provider reads the password: the config only has a reference to it.
    password: secretRef("database-password", "/run/secrets"),
    topicPrefix: "shop",
    tables: ["public.orders", "public.order_lines"],
    slotName: "orders",
    publication: "orders",
    // Debezium as it is published. It lacks the classes of images/kafka/extensions.
    extensions: false,
  }),
});

export const state = connector.state;
export const topics = connector.topics;

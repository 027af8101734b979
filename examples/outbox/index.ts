import * as pulumi from "@pulumi/pulumi";
import { lookAround, Pipeline, pipelineArgs } from "cdc/pipeline";
import { outboxRouter } from "./router";

/** The whole pipeline with an outbox: the handler gets a row of the outbox as an event of the aggregate that the row names. */
export = async () => {
  const args = pipelineArgs({
    password: new pulumi.Config().requireSecret("password"),
    topicPrefix: "shop",
    tables: ["public.customers", "public.outbox"],
    // The first start makes the table, with the others.
    initFolder: "database",
    connectorConfig: { transforms: "outbox", predicates: "isOutbox", ...outboxRouter("shop.public.outbox") },
  });
  return new Pipeline("shop", { ...args, found: await lookAround(args) }).outputs;
};

import * as pulumi from "@pulumi/pulumi";
import { DebeziumConnector } from "cdc/connector";
import type { PipelineSettings } from "cdc/pipeline";
import { lookAround, Pipeline, pipelineArgs } from "cdc/pipeline";

/** Kafka's own connectors for files: a jar, with its coordinates and its SHA-256. */
const FILES =
  "org.apache.kafka:connect-file:3.9.2@sha256:7b675694e926bbf607cb99c0af1b3f9adb5ab960a1428c641a02dad257e95d49";

/**
 * The whole pipeline, with a sink in its Kafka Connect: each change becomes a line of a file in the worker's container, and a tombstone the line `null`.
 * This shows how a connector of another class is added, and is no archive: the file is in the container's memory (64 MB), is gone with a
 * restart of the container, and Kafka's sink does not notice when it is full: what comes then is lost without an error.
 */
export = async () => {
  const config = new pulumi.Config();
  const args = pipelineArgs({
    password: config.requireSecret("password"),
    connectPlugins: FILES,
    ...config.getObject<Partial<PipelineSettings>>("settings"),
  });
  const pipeline = new Pipeline("archive", { ...args, found: await lookAround(args) });
  const { connectUrl, connectToken, topics } = pipeline.outputs;
  const sink = new DebeziumConnector(
    "lines",
    {
      connectUrl,
      connectToken,
      connectorName: "lines",
      config: {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
        topics: topics.apply((names) => names.join(",")),
        file: config.get("file") ?? "/tmp/changes.jsonl",
        // The text as it is in Kafka, not parsed.
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
      },
    },
    { dependsOn: pipeline },
  );
  return { ...pipeline.outputs, sinkState: sink.state };
};

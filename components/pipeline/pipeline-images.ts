import type * as pulumi from "@pulumi/pulumi";
import { consumerKind } from "../consumer";
import type { ImageIds } from "../images/image-ids";
import { Image, type ImageArgs } from "../images/images";
import { postgresBuild } from "../images/postgres-image";
import { packagePath } from "../../program/package-root";
import type { PipelineArgs } from "./pipeline-args";

type ImagesOf = Pick<
  PipelineArgs,
  "coordination" | "kafkaImage" | "postgresImage" | "postgresVersion" | "existingDatabase" | "consumer" | "found"
>;

/** The images of a pipeline's containers. There is none for a database or a consumer that it does not have, and none of a worker's own without plugins. */
export function pipelineImages(
  named: (role: string) => string,
  { coordination, kafkaImage, postgresImage, postgresVersion, existingDatabase, consumer, found }: ImagesOf,
  opts: pulumi.ComponentResourceOptions,
): { kafka: Image; connect: Image | undefined; postgres: Image | undefined; consumer: Image | undefined } {
  const { present, rebuild, consumerContext, pluginContext } = found;
  const image = (role: string, args: Pick<ImageArgs, "built" | "context" | "base" | "instead" | "buildArgs">): Image =>
    new Image(named(role), { ...args, present, rebuild }, opts);
  const consumes = consumerKind(consumer);
  const kafka = image("kafka", {
    ...(coordination === "kraft" ? KRAFT : { built: "kafka" }),
    ...{ context: packagePath("images/kafka"), instead: kafkaImage },
  });
  return {
    kafka,
    connect:
      pluginContext === undefined
        ? undefined
        : image("connect", {
            ...{ built: "connect", context: pluginContext, base: baseOf(kafka.chosen, found.imageIds) },
            buildArgs: { KAFKA_IMAGE: kafka.reference, ...(coordination === "kraft" && KRAFT.buildArgs) },
          }),
    postgres: existingDatabase
      ? undefined
      : image("postgres", {
          ...postgresBuild(postgresVersion),
          ...{ context: packagePath("images/postgres"), instead: postgresImage },
        }),
    consumer:
      consumes === "none"
        ? undefined
        : image("consumer", {
            built: "consumer",
            context: consumerContext,
            instead: consumes === "own" ? consumer : "",
          }),
  };
}

/** Pure: what the image with plugins is made from. One that was built again under its name is another. */
function baseOf(name: string, ids: ImageIds = {}): string {
  return [name, ids[name]].filter(Boolean).join(" ");
}

const KRAFT = { built: "kafka-kraft", buildArgs: { COORDINATION: "kraft" } } as const;

import type * as pulumi from "@pulumi/pulumi";
import { consumerKind } from "../consumer";
import { Image, type ImageArgs } from "../images/images";
import { packagePath } from "../../program/package-root";
import type { PipelineArgs } from "./pipeline-args";

type ImagesOf = Pick<PipelineArgs, "kafkaImage" | "postgresImage" | "existingDatabase" | "consumer" | "found">;

/** The images a pipeline's containers are made from; none of a database or a consumer where it has none. */
export function pipelineImages(
  named: (role: string) => string,
  { kafkaImage, postgresImage, existingDatabase, consumer, found }: ImagesOf,
  opts: pulumi.ComponentResourceOptions,
): { kafka: Image; postgres: Image | undefined; consumer: Image | undefined } {
  const { present, rebuild, consumerContext } = found;
  const image = (built: ImageArgs["built"], context: string, instead: string): Image =>
    new Image(named(built), { built, context, instead, present, rebuild }, opts);
  const consumes = consumerKind(consumer);
  return {
    kafka: image("kafka", packagePath("images/kafka"), kafkaImage),
    postgres: existingDatabase ? undefined : image("postgres", packagePath("images/postgres"), postgresImage),
    consumer: consumes === "none" ? undefined : image("consumer", consumerContext, consumes === "own" ? consumer : ""),
  };
}

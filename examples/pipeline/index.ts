import * as pulumi from "@pulumi/pulumi";
import { lookAround, Pipeline, pipelineArgs } from "cdc/pipeline";

/** The whole pipeline in a program of your own. Arguments that it leaves out have the defaults of docs/configuration.md. */
export = async () => {
  const args = pipelineArgs({ password: new pulumi.Config().requireSecret("password"), retentionMs: 3_600_000 });
  return new Pipeline("shop", { ...args, found: await lookAround(args) }).outputs;
};

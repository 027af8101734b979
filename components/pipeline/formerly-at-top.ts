import * as pulumi from "@pulumi/pulumi";
import { PIPELINE_TYPE } from "./pipeline-type";

/**
 * For stacks of version 0.1.0: there, a pipeline's parts were at the top of the stack, without its name before theirs. By these
 * aliases the engine recognises them, and through them their own parts.
 */
export const formerlyAtTop: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
  const { parent } = opts as { parent?: pulumi.Resource };
  if (type === PIPELINE_TYPE || !isPipeline(parent)) return undefined;
  const former = { name: withoutPrefix(name, parent.pipelineName), parent: pulumi.rootStackResource };
  return { props, opts: { ...opts, aliases: [former] } };
};

function isPipeline(parent: pulumi.Resource | undefined): parent is pulumi.Resource & { pipelineName: string } {
  return parent !== undefined && "pipelineName" in parent;
}

function withoutPrefix(name: string, pipeline: string): string {
  return name.startsWith(`${pipeline}-`) ? name.slice(pipeline.length + 1) : name;
}

import * as pulumi from "@pulumi/pulumi";
import { DynamicProvider } from "../../program/dynamic/dynamic-resource";
import { PostgresCapture } from "../capture";
import { after } from "../container/bare";
import { Credentials } from "../credentials";
import { captureArgs } from "../database/capture-args";
import type { Postgres } from "../postgres";
import type { PipelineArgs } from "./pipeline-args";

/** The capture of a pipeline, and the secrets that only the connector and its workers know. */
export interface CapturePart {
  capture: PostgresCapture;
  /** Arguments of the capture, whose names are known before it is made. */
  declared: ReturnType<typeof captureArgs>;
  /** Runs the capture, and the connector. */
  provider: DynamicProvider;
  rolePassword: pulumi.Output<string>;
  /** The token that the stack's own workers require with a config. */
  connectToken: pulumi.Output<string>;
}

/** @param postgres the stack's own @param first what is there before the providers start */
export function pipelineCapture(
  named: (role: string) => string,
  args: PipelineArgs,
  postgres: Postgres | undefined,
  first: pulumi.Resource,
  opts: pulumi.ComponentResourceOptions,
): CapturePart {
  const { prefix, password, capturePassword, found } = args;
  const credentials = new Credentials(named("credentials"), { prefix, password, stored: found.credentials }, opts);
  const rolePassword = capturePassword ? pulumi.secret(capturePassword) : credentials.rolePassword;
  const provider = new DynamicProvider(named("dynamic"), { ...opts, dependsOn: after(first) });
  const declared = captureArgs(args, rolePassword, found.connect);
  const capture = new PostgresCapture(
    named("capture"),
    { ...declared, ...(postgres && { port: postgres.port, instance: postgres.container.id }) },
    { ...opts, provider, ...(postgres && { dependsOn: postgres, deletedWith: postgres.data }) },
  );
  return { capture, declared, provider, rolePassword, connectToken: credentials.connectToken };
}

import * as pulumi from "@pulumi/pulumi";

/** The name of the pipeline that a run of the program has declared. */
const declared = new WeakMap<object, string>();

/**
 * Refuses a second pipeline in a stack. What a change of settings loses is computed from the state, which does not distinguish two pipelines.
 *
 * @throws pulumi.RunError
 */
export function refuseSecond(name: string): void {
  const run = pulumi.runtime.getMonitor() as object;
  const first = declared.get(run);
  if (first !== undefined)
    throw new pulumi.RunError(
      `Pipeline "${name}" is the second of this stack, after "${first}". Give it a stack of its own, or capture its database with ` +
        `PostgresCapture and DebeziumConnector in the Kafka Connect of "${first}".`,
    );
  declared.set(run, name);
}

import * as pulumi from "@pulumi/pulumi";

/** By run of a program, the pipeline that it has declared. */
const declared = new WeakMap<object, string>();

/**
 * What a change of settings loses is reckoned from a stack's state, which does not tell two of them apart.
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

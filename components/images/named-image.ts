/** An image that a setting names, instead of one that is built here. */
import * as pulumi from "@pulumi/pulumi";
import { docker } from "../engine";

/** Runs a command of Docker's client. */
type Ask = typeof docker;

/**
 * Has the engine pull the image if it does not have it. Otherwise, an image that does not exist would fail the run half-way.
 *
 * @param setting as in `postgresImage`
 * @param name with tag
 * @returns its config, as JSON
 * @throws pulumi.RunError when the image cannot be pulled
 */
export async function namedImage(setting: string, name: string, ask: Ask = docker): Promise<string> {
  const inspect = () => ask(["image", "inspect", "--format", "{{json .Config}}", name], 20_000);
  return inspect().catch(() => pull(setting, name, ask).then(inspect));
}

async function pull(setting: string, name: string, ask: Ask): Promise<void> {
  const key = `${pulumi.getProject()}:${setting}`;
  void pulumi.log.info(`pulling ${name} (${key})`);
  await ask(["pull", "--quiet", name]).catch((error: Error) => {
    throw new pulumi.RunError(
      `${key} is "${name}", which the engine does not have and could not pull: ${error.message}. ` +
        "Name an image that it can pull, or build it first.",
    );
  });
}

import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "./applied";
import { docker } from "../engine";
import { STACK_LABEL } from "../container/labels";

/**
 * Refuses a run on a stack that has lost some of its volumes. Pulumi compares with its state only and would find nothing to do, and the
 * remaining parts would go on with what they know of the lost ones.
 *
 * @throws pulumi.RunError that names what is gone, and the way out
 */
export async function rejectLostVolumes({ volumes }: Pick<AppliedStack, "volumes">): Promise<void> {
  if (volumes.length === 0) return;
  // Another check says when the engine does not answer.
  const stacks = await stacksByVolume().catch(() => undefined);
  if (stacks === undefined) return;
  const copies = volumes.filter((name) => stacks.get(name) === "");
  if (copies.length > 0) throw new pulumi.RunError(unlabelledText(copies));
  const lost = volumes.filter((name) => !stacks.has(name));
  if (lost.length > 0) throw new pulumi.RunError(lostText(lost, volumes.length));
}

/** The engine's volumes by name, and the stack whose label each bears; empty: none. */
async function stacksByVolume(): Promise<ReadonlyMap<string, string>> {
  const text = await docker(["volume", "ls", "--format", `{{.Name}}\t{{.Label "${STACK_LABEL}"}}`], 20_000);
  return new Map(
    text
      .split("\n")
      .map((line) => line.split("\t") as [string, string])
      .map(([name, stack = ""]) => [name, stack]),
  );
}

/** Pure. The engine makes one, empty, for a container that is started when its volume is gone; a person, with a copy. Only `npm start` looks into it. */
function unlabelledText(names: readonly string[]): string {
  return (
    `The engine has ${names.join(", ")} without this stack's label: empty, in place of what was lost, or a copy that somebody has put there. ` +
    "`npm start` makes anew what was lost, and removes no copy. Nothing was changed."
  );
}

/** Pure. @param known how many volumes the stack has */
export function lostText(lost: readonly string[], known: number): string {
  const database = lost.some((name) => name.endsWith("-postgres-data"));
  const what = `${lost.join(", ")} ${lost.length === 1 ? "is a Docker volume" : "are Docker volumes"} of this stack that the engine has no more`;
  if (database && lost.length < known)
    return (
      `${what}: the database was in it, and the changes that Kafka holds are still there. ` +
      "`npm stop` takes them away as well, then `npm start` begins anew. Nothing was changed."
    );
  return (
    `${what}, and Pulumi's state knows nothing of that. \`npm start\` makes anew what was lost, and the parts that need it, ` +
    "and reads the tables again. Nothing was changed."
  );
}

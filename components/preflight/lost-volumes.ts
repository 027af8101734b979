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
  const there = await labelledVolumes().catch(() => undefined);
  const lost = there && volumes.filter((name) => !there.has(name));
  if (lost && lost.length > 0) throw new pulumi.RunError(lostText(lost, volumes.length));
}

/**
 * The volumes of all stacks. A volume without a label is not one of them: the engine made it, empty, for a container that was started
 * when its volume was gone.
 */
async function labelledVolumes(): Promise<ReadonlySet<string>> {
  const text = await docker(["volume", "ls", "--filter", `label=${STACK_LABEL}`, "--format", "{{.Name}}"], 20_000);
  return new Set(text.split("\n"));
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

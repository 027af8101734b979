import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "./applied";
import { isVolumeOf } from "./namesakes";

/**
 * Refuses a run whose volumes have other names than those of the state, as after `pulumi stack rename`: Pulumi would make empty ones, and remove those
 * that hold the rows and the topics.
 *
 * @param prefix first part of the names of all objects
 * @throws pulumi.RunError that names them, with the ways out
 */
export function refuseOtherPrefix({ volumes }: Pick<AppliedStack, "volumes">, prefix: string): void {
  const others = volumes.filter((name) => !isVolumeOf(prefix, name));
  if (others.length > 0) throw new pulumi.RunError(otherPrefixText(others, prefix));
}

/** Pure. */
export function otherPrefixText(names: readonly string[], prefix: string): string {
  const former = /^(.*)-(postgres|zookeeper|kafka|consumer)(-\d+)?-(data|state)$/.exec(names[0]!)?.[1] ?? names[0]!;
  return (
    `The stack's volumes are called ${former}-…, and this run would make others called ${prefix}-… and remove ${names.join(", ")}, with all rows and records. ` +
    `The names follow the names of project and stack, or the \`prefix\` of a program. Give back the former one, with \`pulumi stack rename\` where the stack has ` +
    "another name now. Or take everything away first: `npm stop`, or `pulumi destroy`. Nothing was changed."
  );
}

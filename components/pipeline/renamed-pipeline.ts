import * as pulumi from "@pulumi/pulumi";
import { PIPELINE_TYPE } from "./pipeline-type";

/** What Pulumi's SDK keeps of each resource for itself. */
interface Inner {
  __pulumiType?: string;
  __parentResource?: pulumi.Resource;
}

/**
 * Refuses a pipeline that the state has under another name, or below another parent: to Pulumi it is another one. It would make all parts again, under
 * names that Docker has given out, and fail on the way; then the state has each volume twice, and the next run removes one with the rows in it.
 *
 * @param known the pipelines of the state, as `pipelineOfUrn` gives them
 * @throws pulumi.RunError
 */
export function refuseRenamed(
  name: string,
  opts: Pick<pulumi.ComponentResourceOptions, "parent" | "aliases"> = {},
  known: readonly string[] = [],
): void {
  const declared = `${[...typesAbove(opts.parent), PIPELINE_TYPE].join("$")}::${name}`;
  const others = known.filter((each) => each !== declared);
  // An alias says that it is the same one, and Pulumi goes by that.
  if (others.length === 0 || (opts.aliases?.length ?? 0) > 0) return;
  throw new pulumi.RunError(renamedText(name, others, known.includes(declared)));
}

/** Types of the parents, from the top on. The stack itself is not in a URN. */
function typesAbove(parent: pulumi.Resource | undefined): string[] {
  const { __pulumiType: type, __parentResource: above } = (parent ?? {}) as Inner;
  return type === undefined || type === "pulumi:pulumi:Stack" ? [] : [...typesAbove(above), type];
}

/** Pure. @param isThere whether the state has the declared one as well */
export function renamedText(name: string, others: readonly string[], isThere: boolean): string {
  const shown = others.map((each) => each.split("::").join(" called ")).join(", ");
  if (isThere)
    return (
      `The state has the pipeline "${name}" and another one, ${shown}, as after a run that renamed it and failed. Their volumes are the same, so that this ` +
      "run would remove those that are in use, with their rows. Nothing was changed. Take the other one out of the state, which removes nothing: " +
      "`pulumi state delete --target-dependents URN`, with its URN from `pulumi stack --show-urns`; then run this again."
    );
  return (
    `The state has this stack's pipeline as ${shown}, and the program declares "${name}"${others.some((each) => each.endsWith(`::${name}`)) ? " below another parent" : ""}. To Pulumi that ` +
    "is another one: it would make all parts again under Docker names that are taken, and remove the former ones with their rows. Nothing was changed. Give back the former name " +
    'and parent; or say that it is the same one, with `aliases` in the component\'s options, as in `{ aliases: [{ name: "FORMER" }] }`; or take the former one away first: `pulumi destroy`.'
  );
}

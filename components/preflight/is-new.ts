/** Pure. @param text a state's file: a run that has begun has put the stack itself into it; @param others whether a program may have resources of its own */
export function isNew(text: string, others = false): boolean {
  interface State {
    checkpoint?: { latest?: { resources?: Listed[]; pending_operations?: { resource?: Listed }[] } };
  }
  const { resources = [], pending_operations = [] } = (JSON.parse(text) as State).checkpoint?.latest ?? {};
  const begun = others
    ? pending_operations.some(({ resource }) => resource !== undefined && isOfPipeline(resource))
    : pending_operations.length > 0;
  return !begun && !resources.some((each) => (others ? isOfPipeline(each) : isOfStack(each)));
}

interface Listed {
  type: string;
  urn?: string;
}

/** Pure: whether a resource of the state is more than what a run notes before it makes anything. */
export function isOfStack({ type }: Pick<Listed, "type">): boolean {
  return type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");
}

/** Pure: whether a resource is the pipeline, or a part of it. Somebody else's program has others beside them. */
export function isOfPipeline({ urn = "" }: Pick<Listed, "urn">): boolean {
  return urn.includes("cdc:index:Pipeline");
}

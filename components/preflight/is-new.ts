/** Pure. @param text a state's file: a run that has begun has put the stack itself into it */
export function isNew(text: string): boolean {
  interface State {
    checkpoint?: { latest?: { resources?: { type: string }[]; pending_operations?: unknown[] } };
  }
  const { resources = [], pending_operations = [] } = (JSON.parse(text) as State).checkpoint?.latest ?? {};
  return pending_operations.length === 0 && !resources.some(isOfStack);
}

/** Pure: whether a resource of the state is more than what a run notes before it makes anything. */
export function isOfStack({ type }: { type: string }): boolean {
  return type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");
}

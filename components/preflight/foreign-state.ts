/**
 * Pure: whether a state was copied from another stack. With such a state, Pulumi would make this stack again, and remove the objects that the state
 * names: those of the other stack, with its data.
 *
 * @param stack name of the stack whose state it should be
 * @param urns of the state's resources
 * @returns a sentence with the way out; undefined when it is the stack's own state
 */
export function foreignText(stack: string, urns: readonly string[]): string | undefined {
  const other = urns.map((urn) => urn.split(":")[2]).find((name) => name !== stack);
  if (other === undefined) return undefined;
  return (
    `The state of the stack ${stack} is that of the stack ${other}, and a run would take ${other} away, its data included. Put ` +
    `${stack}'s own in its place: the CLI's copy is ${stack}.json.bak beside it, and one of each run is in .pulumi/backups. Without one ` +
    "remove the file, and `npm start` says how a stack that is there is taken over. Nothing was changed."
  );
}

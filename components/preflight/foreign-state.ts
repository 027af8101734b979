/**
 * Pure: whether a state was copied from another stack's. With it Pulumi would make the stack anew, and take away what the state
 * names: the other stack, with its data.
 *
 * @param stack whose state it is to be
 * @param urns of its resources
 * @returns a sentence with the way out; undefined: it is the stack's own
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

/** Names and ports of several members of one kind. The first has the name and the port of an only one. */

/** Pure: `kafka`, `kafka-2`, `kafka-3`. @param index from 1 on */
export function memberRole(role: string, index: number): string {
  return index === 1 ? role : `${role}-${index}`;
}

/** Pure: the port on this machine. @param port the first one's */
export function memberPort(port: number, index: number): number {
  return port + index - 1;
}

/** Pure: 1, 2, … @param count undefined: there is one */
export function indexes(count = 1): number[] {
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** Pure: the index in a name: `kafka-2` is the second of `kafka`; undefined for a name of another role. */
export function memberIndex(role: string, name: string): number | undefined {
  if (name === role) return 1;
  const [, digits] = name.startsWith(`${role}-`) ? (/^-([1-9]\d*)$/.exec(name.slice(role.length)) ?? []) : [];
  return digits === undefined ? undefined : Number(digits);
}

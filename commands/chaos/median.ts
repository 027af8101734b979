/** Pure: the middle value; of two middle ones, the larger; undefined when there are no values. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

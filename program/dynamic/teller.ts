/** Pauses between two lines on something that takes long, in milliseconds. */
const PAUSE = { first: 2000, most: 30_000 };

/**
 * Reports the progress of something that takes long: the first line comes after a moment, later ones at growing pauses. A line of another
 * kind than the last is printed at once, and the pauses begin again at the shortest.
 *
 * @param say @default a line of the resource in `pulumi up`
 */
export function teller(say: (line: string) => void = console.error): (line: string, kind?: string) => void {
  let pause = PAUSE.first;
  let next = Date.now() + pause;
  let last: string | undefined;
  return (line, kind) => {
    const isNew = kind !== undefined && kind !== last;
    if (!isNew && Date.now() < next) return;
    last = kind;
    say(line);
    pause = isNew ? PAUSE.first : Math.min(pause * 2, PAUSE.most);
    next = Date.now() + pause;
  };
}

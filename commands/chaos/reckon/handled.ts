/** The file in which the handler notes what it has handled: a line for each call that ended well. */

export interface Handled {
  version: string;
  /** In ms since 1970. */
  at: number;
  /** Whether the consumer told the handler that the change was here before. */
  marked: boolean;
}

export function handledLine({ version, at, marked }: Handled): string {
  return `${at} ${version} ${marked ? "again" : "first"}\n`;
}

/** Pure. The last line may be half of one, when its process was killed meanwhile. */
export function parseHandled(text: string): Handled[] {
  return text
    .split("\n")
    .map((line) => /^(\d+) (\S+) (again|first)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, at, version, mark]) => ({ version: version!, at: Number(at), marked: mark === "again" }));
}

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

/** Pure: the noted calls. A last line that is cut off, because its process was killed, is left out. */
export function parseHandled(text: string): Handled[] {
  const handled: Handled[] = [];
  // Line by line: a run of hours has millions, of which a list of matches beside them would not fit.
  for (const [, at, version, mark] of text.matchAll(/^(\d+) (\S+) (again|first)$/gm))
    handled.push({ version: version!, at: Number(at), marked: mark === "again" });
  return handled;
}

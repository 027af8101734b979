export type Nested = string | null | Nested[];

/**
 * Pure: the elements of an array as Postgres prints it, nested for more dimensions.
 *
 * @returns undefined for an array with bounds, such as `[0:1]={1,2}`, which does not begin with element number 1
 */
export function arrayOf(text: string, delimiter: string): Nested[] | undefined {
  if (!text.startsWith("{")) return undefined;
  const stack: Nested[][] = [[]];
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === "{") {
      stack.push([]);
      at++;
    } else if (character === "}") {
      const done = stack.pop()!;
      stack.at(-1)!.push(done);
      at++;
    } else if (character === delimiter) at++;
    else if (character === '"') {
      const end = closingQuote(text, at + 1);
      stack.at(-1)!.push(text.slice(at + 1, end).replace(/\\(.)/gs, "$1"));
      at = end + 1;
    } else {
      let end = at;
      while (text[end] !== delimiter && text[end] !== "}") end++;
      const word = text.slice(at, end);
      stack.at(-1)!.push(word === "NULL" ? null : word);
      at = end;
    }
  }
  return stack[0]![0] as Nested[];
}

function closingQuote(text: string, from: number): number {
  let at = from;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

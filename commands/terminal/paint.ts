/** Wraps a text in a terminal's colour, or returns it as it is. */
export type Paint = (color: Color, text: string) => string;

const COLORS = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, dim: 2, bold: 1 } as const;
export type Color = keyof typeof COLORS;

export const plain: Paint = (_, text) => text;
export const colored: Paint = (color, text) => (text === "" ? "" : `\u001b[${COLORS[color]}m${text}\u001b[0m`);

/** The paint for a stream of this process: with colours only for a terminal whose user wants them. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY && !NO_COLOR && TERM !== "dumb" ? colored : plain;
}

/**
 * JSON without rounding: integers beyond ±2^53 become BigInt, everything else is what JSON.parse makes of it.
 *
 * JSON.parse alone is many times faster than any parser in JavaScript, so it is tried first. Its result tells whether it may
 * have rounded, because an integer beyond 2^53 never rounds to one below. Only then is the text parsed again, exactly. In Node
 * 20 a reviver does not see the source text. So each large integer is first rewritten as a marked string, which the reviver
 * turns into a BigInt.
 */

/** Not guessable from outside, so no text of a row can be taken for a number. */
const MARK = `integer-${Math.random().toString(36).slice(2)}:`;

/** Whether `value`, made by JSON.parse, holds a number that may have been rounded. True for a float as large, too. */
export function mayBeRounded(value: unknown): boolean {
  if (typeof value === "number") return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(mayBeRounded);
  for (const name in value) if (mayBeRounded((value as { [name: string]: unknown })[name])) return true;
  return false;
}

/** JSON.parse with large integers as BigInt. Throws SyntaxError as JSON.parse does. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return mayBeRounded(value) ? parseExactly(text) : value;
}

/** Parses every text exactly, also one without large integers. This is slower than `parseJson`. */
export function parseExactly(text: string): unknown {
  return JSON.parse(markLargeIntegers(text), (_name, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

function markLargeIntegers(text: string): string {
  let out = "";
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(text, at);
    } else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      const start = at;
      while (isNumberPart(text.charCodeAt(at))) at++;
      const token = text.slice(start, at);
      if (token.length > 15 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) {
        out += `${text.slice(copied, start)}"${MARK}${token}"`;
        copied = at;
      }
    } else {
      at++;
    }
  }
  return out + text.slice(copied);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** The index just behind the string that opens at `open`; the text's end when it is not closed. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(close - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}

/** Digits, sign, point, exponent: a malformed number is left for JSON.parse to refuse. */
function isNumberPart(char: number): boolean {
  return (char >= ZERO && char <= NINE) || char === DOT || char === MINUS || char === PLUS || (char | 0x20) === 0x65;
}

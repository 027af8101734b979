/** Values that Postgres reads as other ones, without a word, in a column of another type than the captured one. Pure. */
import type { Value } from "../../consumer/change/row";

/** By the name of the column's type: whether it loses a part of this value, which has the form of docs/consumer.md, "Values". */
const LOSES: { [type: string]: ((value: Value) => boolean) | undefined } = {
  float4: (value) => {
    const real = Math.fround(Number(value));
    // As short as tells it from other reals, or with some more digits than that: a `real` is printed in either way.
    return !isOneOf(value, real, [String(real), ...PRECISIONS.map((digits) => real.toPrecision(digits))]);
  },
  // A number comes from a type that fits. What has all its digits is a text, and a large integer is a bigint.
  float8: (value) => typeof value !== "number" && !isOneOf(value, Number(value), [String(Number(value))]),
  money: (value) => /\.\d\d\d*[1-9]/.test(String(value)),
  date: (value) => /T(?!00:00:00(\.0*)?Z$)/.test(String(value)),
  time: (value) => /T|[+-]\d\d(:\d\d)*$/.test(String(value)),
  timetz: (value) => String(value).includes("T"),
  daterange: hasTime,
  datemultirange: hasTime,
  tsrange: hasZone,
  tsmultirange: hasZone,
  name: (value) => Buffer.byteLength(String(value)) > 63,
  // A byte that is no letter of ASCII comes as three digits.
  char: (value) => Buffer.byteLength(String(value)) > 1 && !/^\\[0-7]{3}$/.test(String(value)),
};

/** A `real` has nine digits at most. */
const PRECISIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * @param type name of the column's type; for an array, that of its elements
 * @param isArray an array whose first element is not number 1 comes as a text, and is not looked into
 */
export function isCut(value: Value, type: string, isArray: boolean): boolean {
  const loses = LOSES[type];
  if (loses === undefined || value === null) return false;
  if (Array.isArray(value)) return isArray && value.some((each) => isCut(each, type, Array.isArray(each)));
  return !isArray && loses(value);
}

function hasTime(value: Value): boolean {
  return String(value).includes(":");
}

function hasZone(value: Value): boolean {
  return /:\d\d(\.\d+)?[+-]\d\d/.test(String(value));
}

/** Whether it is this number, or has the digits of one of its texts. Of what is no number, or too large, Postgres says so itself. */
function isOneOf(value: Value, number: number, texts: readonly string[]): boolean {
  const text = String(value);
  if (!Number.isFinite(number)) return true;
  if (typeof value === "number" && value === number) return true;
  if (/^-?\d+$/.test(text) && Number.isInteger(number) && BigInt(text) === BigInt(number)) return true;
  return texts.some((each) => digitsOf(each) === digitsOf(text));
}

/** The digits without zeros at the edges, and where the point is: the same for 1.20, 1.2 and 12e-1. */
function digitsOf(text: string): string {
  const [, sign, whole, part = "", exponent = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (whole === undefined) return text;
  const digits = (whole + part).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  const shift = Number(exponent) - part.length + digits.length - kept.length;
  return kept === "" ? "0" : `${sign === "-" ? "-" : ""}${kept}e${shift}`;
}

/** Dead letters as text for people. Their texts come from outside, and must not control the terminal. */
import type { LetterState } from "../../consumer/api";
import { headerOf } from "../../consumer/letters/headers";
import {
  type Letter,
  letterJson,
  letterOf,
  type LetterRecord,
  type Standing,
  textOf,
} from "../../consumer/letters/letter";
import { cut, oneLine } from "../../consumer/page/text";
import { counted } from "../look/amounts";
import type { Color, Paint } from "../terminal/paint";

const COLORS: Record<LetterState, Color> = {
  waiting: "yellow",
  "sent back": "blue",
  handled: "green",
  "failed again": "dim",
};
const KEY_CHARS = 40;
const ERROR_CHARS = 160;

/** Pure: a line for each letter, with aligned columns. */
export function listLines(standings: readonly Standing[], paint: Paint): string[] {
  const rows = standings.map((standing) => {
    const { letter } = standing;
    return [
      letter.number,
      `${letter.at.slice(0, 19)}Z`,
      placeOf(letter),
      letter.key === null ? "no key" : beginning(letter.key, KEY_CHARS),
      counted(letter.attempts, "attempt"),
      stateText(standing),
    ].map(oneLine);
  });
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  return rows.map((row, i) => {
    const { letter, state } = standings[i]!;
    const [number, ...texts] = row.map((text, column) =>
      column === 0 ? text.padStart(widths[0]!) : text.padEnd(widths[column]!),
    );
    const last = paint(COLORS[state], texts.pop()!);
    return `${paint("bold", number!)}  ${texts.join("  ")}  ${last}  ${beginning(letter.error, ERROR_CHARS)}`;
  });
}

/** Pure: the whole letter. */
export function showLines(standing: Standing, record: LetterRecord, paint: Paint): string[] {
  const letter = letterOf(record);
  const headers = record.headers ?? {};
  const stack = headerOf(headers, "dead-letter-stack");
  const error = stack ?? headerOf(headers, "dead-letter-error") ?? "";
  const others = Object.keys(headers).filter((name) => !["dead-letter-stack", "dead-letter-error"].includes(name));
  const omitted = letter.valueOmitted ? "left out: it was too large for the topic" : "none";
  const part = (heading: string, lines: readonly string[]) => [
    paint("bold", heading),
    ...lines.map((line) => `  ${oneLine(line)}`),
  ];
  return [
    `${paint("bold", `Dead letter ${letter.number}`)}: ${paint(COLORS[standing.state], stateText(standing))}`,
    `  ${oneLine(placeOf(letter))}, given up on at ${letter.at} after ${counted(letter.attempts, "attempt")}`,
    ...part("error", error.split("\n")),
    ...part(
      "headers",
      others.map((name) => `${name}: ${headerOf(headers, name) ?? ""}`),
    ),
    ...part("key", [textOf(record.key) ?? "none"]),
    ...part("value", [textOf(record.value) ?? omitted]),
  ];
}

/** Pure: the letter for scripts, with all fields of the record. */
export function recordJson(standing: Standing, record: LetterRecord) {
  const headers = record.headers ?? {};
  return {
    ...letterJson(standing),
    error: headerOf(headers, "dead-letter-error") ?? "",
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, headerOf(headers, name) ?? null])),
    key: textOf(record.key),
    value: textOf(record.value),
  };
}

function placeOf({ origin }: Letter): string {
  return origin === undefined ? "of unknown origin" : `${origin.topic}/${origin.partition} offset ${origin.offset}`;
}

function stateText({ state, failedAs }: Standing): string {
  if (state === "failed again") return `failed again as ${failedAs}`;
  return state === "handled" ? "sent back, handled" : state === "sent back" ? "sent back, not handled yet" : state;
}

function beginning(text: string, chars: number): string {
  const line = oneLine(cut(text, chars));
  return text.length > chars ? `${line}…` : line;
}

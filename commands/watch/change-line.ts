import type { ChangeJson, Op } from "../../consumer/api";
import {
  type ShownValue,
  cells,
  clock,
  count,
  duration,
  keyText,
  oneLine,
  preview,
  remark,
} from "../../consumer/page/text";
import type { Color, Paint } from "../terminal/paint";

const OP_COLOR: Record<Op, Color> = {
  snapshot: "magenta",
  create: "green",
  update: "blue",
  delete: "red",
  truncate: "yellow",
  message: "cyan",
};

const MAX_VALUE = 60;
/** A line shows columns until it has so many characters. */
const MAX_LINE = 240;

/** `12:00:00.123  update    public.customers  1  email: a → b  5.3 ms` */
export function changeLine(change: ChangeJson, paint: Paint): string {
  const where = change.op === "message" ? (change.message?.prefix ?? "") : change.table;
  const parts = [
    paint("dim", clock(change.committedAt).padEnd(12)),
    opWord(change.op, paint),
    oneLine(where),
    paint("bold", keyText(change.key)),
    columns(change, paint),
    paint("dim", change.lagMs === null ? "" : duration(change.lagMs)),
    paint("yellow", change.duplicate ?? ""),
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** One line for the rows of a table's snapshot. */
export function snapshotLine(table: string, rows: number, paint: Paint): string {
  const text = `${count(rows)} ${rows === 1 ? "row" : "rows"} read`;
  return [" ".repeat(12), opWord("snapshot", paint), oneLine(table), text].join("  ");
}

function opWord(op: Op, paint: Paint): string {
  return paint(OP_COLOR[op], op.padEnd(8));
}

function columns(change: ChangeJson, paint: Paint): string {
  const all = cells(change);
  if (all.length === 0) return paint("dim", preview(remark(change), MAX_LINE).text);
  const told: string[] = [];
  let length = 0;
  for (const cell of all) {
    if (length > MAX_LINE) break;
    const { column, before, after } = cell;
    const name = oneLine(column);
    const [was, is] = [shown(before), shown(after)];
    length += name.length + was.length + is.length;
    const value =
      "before" in cell && "after" in cell
        ? `${paint("red", was)} → ${paint("green", is)}`
        : "after" in cell
          ? is
          : paint("dim", was);
    told.push(`${paint("dim", `${name}:`)} ${value}`);
  }
  if (told.length < all.length) told.push(paint("dim", `+${all.length - told.length} columns`));
  return told.join(", ");
}

/** Quotes mark a text, as '1' beside the number 1. The page has colours for that. */
function shown(value: ShownValue): string {
  const { text, kind } = preview(value, MAX_VALUE);
  if (kind === "empty") return "''";
  return kind === "text" && typeof value === "string" ? `'${text}'` : text;
}

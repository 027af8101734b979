import { CONTESTANTS } from "./contestant";
import { formatted } from "./format";
import { overall, type Check, type Row } from "./summary";
import type { Spread } from "./statistics";

const TITLES = { stock: "stock", tuned: "tuned compose", ours: "ours" } as const;

/** Pure: the summary as plain text: figures, targets, and what each figure means. */
export function table(rows: readonly Row[]): string {
  const names = CONTESTANTS.filter((name) => rows.some(({ by }) => by[name]));
  const figures = [
    ["median (lowest–highest)", "unit", ...names.map((name) => TITLES[name]), "÷ stock", "÷ tuned"],
    ...rows.map(({ figure, by, toStock, toTuned }) => [
      figure.title,
      figure.unit,
      ...names.map((name) => spreadText(by[name])),
      toStock === undefined ? "" : formatted(toStock),
      toTuned === undefined ? "" : formatted(toTuned),
    ]),
  ];
  const targeted = rows.filter(({ must, aim }) => must.length + aim.length > 0);
  const targets = [
    ["target", "ours", "must", "", "aim", ""],
    ...targeted.map(({ figure, by, must, aim }) => [
      figure.title,
      by.ours ? `${formatted(by.ours.median)} ${figure.unit}` : "",
      overall(must),
      texts(must),
      overall(aim),
      texts(aim),
    ]),
  ];
  return [columns(figures), ...(targeted.length > 0 ? [columns(targets)] : []), definitions(rows)].join("\n\n");
}

function spreadText(spread: (Spread & { samples: number }) | undefined): string {
  if (!spread) return "";
  const { median, min, max, samples } = spread;
  return samples === 1 ? formatted(median) : `${formatted(median)} (${formatted(min)}–${formatted(max)})`;
}

function texts(checks: readonly Check[]): string {
  return checks.map(({ text, passed }) => (passed === false ? `${text} ✗` : text)).join(", ");
}

/** Each once: figures that differ only in what follows the last comma share theirs. */
function definitions(rows: readonly Row[]): string {
  const parts: { title: string; definition: string }[] = [];
  for (const { figure } of rows) {
    const { title, definition } = figure;
    const last = parts[parts.length - 1];
    if (last?.definition === definition) last.title += `, ${title.slice(title.lastIndexOf(", ") + 2)}`;
    else parts.push({ title, definition });
  }
  return parts.map(({ title, definition }) => `${title}:\n  ${definition}`).join("\n");
}

/** Columns as wide as their widest cell, two blanks between; the first line is underlined. */
export function columns(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => [...(line[at] ?? "")].length)));
  const text = lines.map((line) =>
    line
      .map((cell, at) => cell + " ".repeat(widths[at]! - [...cell].length))
      .join("  ")
      .trimEnd(),
  );
  const [head, ...rest] = text as [string, ...string[]];
  return [head, widths.map((width) => "-".repeat(width)).join("  "), ...rest].join("\n");
}

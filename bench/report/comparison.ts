import { columns } from "./columns";
import type { Figure } from "./figure";
import { formatted } from "./format";
import { spreadText } from "./spread-text";
import { overall, type Row } from "./summary";
import { definitions } from "./summary-table";

/** The limit for figures without one of their own: at least this fraction of the other revision's. */
const NO_WORSE = 0.95;

/** A figure of two revisions. */
export interface Compared {
  row: Row;
  /** The ratio of the two. Above 1, this revision is better. Undefined when one of them was not measured. */
  ratio: number | undefined;
  must: string;
  /** Whether the limit is met; undefined when the two could not be compared. */
  met: boolean | undefined;
}

/** Pure: the rows of a run against another revision. */
export function compare(rows: readonly Row[]): Compared[] {
  return rows.map((row) => {
    const { figure, by } = row;
    const theirs = by.other?.median;
    const own = by.ours?.median;
    const absolute = row.must.filter(({ text }) => !/stock|tuned/.test(text));
    const limits = overall(absolute) === "FAIL" ? false : undefined;
    const must = [besideText(figure), ...absolute.map(({ text }) => text)].join(", ");
    if (theirs === undefined || own === undefined) return { row, ratio: undefined, must, met: limits };
    const ratio = figure.better === "less" ? theirs / own : own / theirs;
    return { row, ratio, must, met: limits ?? isMet(figure, own, theirs) };
  });
}

function isMet({ better, beside }: Figure, own: number, theirs: number): boolean {
  const least = beside?.times ?? (better === "less" ? 1 / NO_WORSE : NO_WORSE);
  return better === "less" ? own - (beside?.mayLose ?? 0) <= theirs * least : own >= theirs * least;
}

function besideText({ better, unit, beside }: Figure): string {
  const sign = better === "less" ? "≤" : "≥";
  if (beside?.times !== undefined) return `${sign} ${beside.times} × other`;
  return `ratio ≥ ${NO_WORSE}${beside?.mayLose === undefined ? "" : `, but for ${beside.mayLose} ${unit}`}`;
}

/** Pure: the comparison as plain text. @param name the other revision's, as it was given */
export function comparisonTable(rows: readonly Row[], name: string): string {
  if (rows.length === 0) return "Nothing was measured.";
  const lines = compare(rows).map(({ row: { figure, by }, ratio, must, met }) => [
    figure.title,
    figure.unit,
    spreadText(by.other),
    spreadText(by.ours),
    ratio === undefined ? "" : formatted(ratio),
    must,
    met === undefined ? "" : met ? "yes" : "NO",
  ]);
  const head = ["median (lowest–highest)", "unit", `other: ${name}`, "this", "ratio", "must, beside 0.1.0", "met"];
  return [columns([head, ...lines]), "A ratio above 1: this one is better.", definitions(rows)].join("\n\n");
}

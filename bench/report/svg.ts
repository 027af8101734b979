import { CONTESTANTS } from "../contestants/contestant";
import { formatted } from "./format";
import type { Row } from "./summary";

/** The figures of the picture, in its order. */
const SHOWN = [
  "first-row",
  "first-300-p99",
  "warm-p50",
  "warm-p99",
  "drain",
  "sustained",
  "snapshot",
  "memory-idle",
  "memory-drain",
  "cpu-idle",
  "noop",
  "destroy",
];

type Named = (typeof CONTESTANTS)[number];

const TITLES: Record<Named, string> = {
  stock: "stock",
  tuned: "tuned compose",
  ours: "ours",
  kraft: "ours, KRaft",
};
const WIDTH = 760;
const LEFT = 136;
const BARS = 460;
const BAR = 13;
const STEP = 18;
const GROUP = 34;
const MARGIN = 24;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .head { font-weight: 600; font-size: 15px; }
  .title { font-weight: 600; }
  .note { fill: #59636e; font-size: 12px; }
  .back { fill: #ffffff; stroke: #d1d9e0; }
  .stock { fill: #9aa4af; }
  .tuned { fill: #6ea8dc; }
  .ours { fill: #1a7f5a; }
  .kraft { fill: #8a63c9; }
  .span { stroke: #1f2328; stroke-width: 1; opacity: .55; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .back { fill: #0d1117; stroke: #3d444d; }
    .stock { fill: #6e7681; }
    .tuned { fill: #4d8fc9; }
    .ours { fill: #3fb98a; }
    .kraft { fill: #a98bdd; }
    .span { stroke: #e6edf3; }
  }`;

/**
 * Pure: bars for each figure. A bar's length is its share of the longest in its group. The line across its end is the spread from the lowest to the
 * highest round.
 *
 * @param note a line below the headline: the machine, the date
 */
export function picture(rows: readonly Row[], note: string): string {
  const shown = SHOWN.flatMap((id) => rows.filter(({ figure }) => figure.id === id));
  const parts: string[] = [];
  let y = MARGIN + 40;
  for (const row of shown) {
    y += GROUP;
    parts.push(groupTitle(row, y - 10));
    for (const name of CONTESTANTS) {
      if (!row.by[name]) continue;
      parts.push(bar(row, name, y));
      y += STEP;
    }
  }
  const height = y + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(summaryText(shown))}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="head" x="${MARGIN}" y="${MARGIN + 10}">Medians; each bar is drawn against the longest of its group</text>`,
    `<text class="note" x="${MARGIN}" y="${MARGIN + 30}">${escaped(note)}</text>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function groupTitle({ figure }: Row, y: number): string {
  const sense = figure.better === "less" ? "less is better" : "more is better";
  return (
    `<text x="${MARGIN}" y="${y}"><tspan class="title">${escaped(figure.title)}</tspan>` +
    `<tspan class="note" dx="8">${escaped(figure.unit)}, ${sense}</tspan></text>`
  );
}

function bar({ figure, by }: Row, name: Named, y: number): string {
  const { median, min, max } = by[name]!;
  const longest = Math.max(...Object.values(by).map((spread) => spread.max), Number.MIN_VALUE);
  const x = (value: number): string => (LEFT + (value / longest) * BARS).toFixed(1);
  const width = Math.max(1.5, (median / longest) * BARS);
  const middle = y + BAR / 2;
  const span = max > min ? `<line class="span" x1="${x(min)}" y1="${middle}" x2="${x(max)}" y2="${middle}"/>` : "";
  const beside = LEFT + Math.max(width, (max / longest) * BARS) + 8;
  return (
    `<text x="${LEFT - 8}" y="${y + 11}" text-anchor="end">${TITLES[name]}</text>` +
    `<rect class="${name}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>${span}` +
    `<text x="${beside.toFixed(1)}" y="${y + 11}">${formatted(median)} ${escaped(figure.unit)}</text>`
  );
}

/** A text for people who cannot see the picture. */
function summaryText(rows: readonly Row[]): string {
  const lines = rows.map(({ figure, by }) => {
    const values = CONTESTANTS.filter((name) => by[name]).map(
      (name) => `${TITLES[name]} ${formatted(by[name]!.median)}`,
    );
    return `${figure.title}: ${values.join(", ")} ${figure.unit}`;
  });
  return lines.join("; ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

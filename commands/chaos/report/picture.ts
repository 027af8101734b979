/** The time that the stack needed after each fault, as an SVG. Pure. */
import { median } from "../median";
import type { Row } from "../chaos-results";
import { byFault, type FaultSummary, spread } from "./by-fault";

const WIDTH = 860;
const MARGIN = 24;
/** Where the axis begins, and how long it is. */
const LEFT = 190;
const AXIS = 440;
/** Where the first line of faults begins, without the notes. */
const TOP = 68;
const NOTE = 16;
const ROW = 22;
const DOT = 4;
/** Distances that two lines of the axis may have, in seconds. */
const STEPS = [5, 10, 20, 50, 100];
const MOST_LINES = 10;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .head { font-weight: 600; font-size: 15px; }
  .note { fill: #59636e; font-size: 12px; }
  .back { fill: #ffffff; stroke: #d1d9e0; }
  .line { stroke: #d1d9e0; }
  .alone { fill: #1a7f5a; fill-opacity: .5; }
  .hands { fill: #b5651d; fill-opacity: .5; }
  .median { stroke: #1f2328; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .back { fill: #0d1117; stroke: #3d444d; }
    .line { stroke: #3d444d; }
    .alone { fill: #3fb98a; }
    .hands { fill: #e0a063; }
    .median { stroke: #e6edf3; }
  }`;

/**
 * A line for each kind of fault, with a dot for each time that it was done and a stroke at the median.
 *
 * @param notes lines below the headline: machine, load and seed of each run
 */
export function picture(rows: readonly Row[], notes: readonly string[]): string {
  const summaries = byFault(rows);
  const longest = Math.max(...summaries.flatMap(({ caughtUp }) => caughtUp), 1);
  const step = STEPS.find((each) => longest / each <= MOST_LINES) ?? STEPS.at(-1)!;
  const end = Math.ceil(longest / step) * step;
  const top = TOP + notes.length * NOTE;
  const height = top + summaries.length * ROW + MARGIN;
  const x = (seconds: number): string => (LEFT + (seconds / end) * AXIS).toFixed(1);
  const lines = Array.from({ length: end / step + 1 }, (_, at) => at * step);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(inWords(summaries))}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="head" x="${MARGIN}" y="${MARGIN + 10}">Seconds from the end of a fault until everything is handled</text>`,
    ...notes.map(
      (note, at) => `<text class="note" x="${MARGIN}" y="${MARGIN + 28 + at * NOTE}">${escaped(note)}</text>`,
    ),
    ...lines.map((seconds) => axisLine(x(seconds), seconds, { top, height })),
    ...summaries.map((summary, at) => faultRow(summary, top + at * ROW + ROW / 2, x)),
    "</svg>",
    "",
  ].join("\n");
}

function axisLine(x: string, seconds: number, { top, height }: { top: number; height: number }): string {
  return (
    `<line class="line" x1="${x}" y1="${top - 6}" x2="${x}" y2="${height - MARGIN}"/>` +
    `<text class="note" x="${x}" y="${top - 12}" text-anchor="middle">${seconds}</text>`
  );
}

function faultRow(summary: FaultSummary, y: number, x: (seconds: number) => string): string {
  const { fault, caughtUp, hands } = summary;
  const kind = hands.every((each) => each === "none") ? "alone" : "hands";
  const middle = x(median(caughtUp) ?? 0);
  return [
    `<text x="${LEFT - 14}" y="${y + 4}" text-anchor="end">${escaped(fault)}</text>`,
    ...caughtUp.map((seconds) => `<circle class="${kind}" cx="${x(seconds)}" cy="${y}" r="${DOT}"/>`),
    `<line class="median" x1="${middle}" y1="${y - 7}" x2="${middle}" y2="${y + 7}"/>`,
    `<text class="note" x="${LEFT + AXIS + 14}" y="${y + 4}">${escaped(besideOf(summary))}</text>`,
  ].join("");
}

/** How often, what was lost, and what a person had to do. */
function besideOf({ times, lost, hands, said }: FaultSummary): string {
  const first = said.length > 0 ? `said in ${median(said)!.toFixed(1)} s` : `${lost} lost`;
  const person = hands.filter((each) => each !== "none").map((each) => `, ${each}`);
  return `${times} ×, ${first}${person.join("")}`;
}

/** For those who do not see the picture. */
function inWords(summaries: readonly FaultSummary[]): string {
  return summaries
    .map((each) => `${each.fault}: ${besideOf(each)}; caught up after ${spread(each.caughtUp)} s`)
    .join(". ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

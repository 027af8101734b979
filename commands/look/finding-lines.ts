import { oneLine } from "../../consumer/page/text";
import type { Color, Paint } from "../terminal/paint";
import { type Finding, type Mark, PARTS } from "./finding";
import { folded } from "./folded";

const SIGNS: Record<Mark, { sign: string; color: Color }> = {
  good: { sign: "✓", color: "green" },
  note: { sign: "·", color: "blue" },
  warning: { sign: "!", color: "yellow" },
  bad: { sign: "✗", color: "red" },
  follows: { sign: "↳", color: "red" },
};

/**
 * The findings as lines, each group below its heading. What is wrong stands out, with its remedy on the next line.
 */
export function findingLines(all: readonly Finding[], paint: Paint): string[] {
  const findings = folded(all);
  const columns = [
    Math.max(0, ...findings.map(({ part }) => PARTS[part].heading.length)),
    Math.max(0, ...findings.map(({ about }) => about.length)),
  ] as const;
  let last = "";
  return grouped(findings).flatMap((finding) => {
    const { heading } = PARTS[finding.part];
    const shown = heading === last ? "" : heading;
    last = heading;
    return lines(finding, shown, columns, paint);
  });
}

/** The findings by heading, in the order in which the headings first appear. */
function grouped(findings: readonly Finding[]): Finding[] {
  const headings = [...new Set(findings.map(({ part }) => PARTS[part].heading))];
  return headings.flatMap((heading) => findings.filter(({ part }) => PARTS[part].heading === heading));
}

function lines(
  { about, mark, text, remedy }: Finding,
  heading: string,
  [first, second]: readonly [number, number],
  paint: Paint,
): string[] {
  const { sign, color } = SIGNS[mark];
  const wrong = mark === "bad" || mark === "follows";
  // Names and reasons come from other programs, and must not contain control sequences of the terminal.
  const said = oneLine(mark === "follows" ? `${text} (follows from the above)` : text);
  const start = `${paint("bold", heading)}${" ".repeat(first - heading.length)}  ${paint(color, sign)} `;
  const line = `${start}${oneLine(about).padEnd(second)}  ${wrong ? paint(color, said) : said}`;
  const mends = remedy !== undefined && mark !== "follows";
  return mends ? [line, `${" ".repeat(first + second + 6)}${paint("dim", "→")} ${oneLine(remedy)}`] : [line];
}

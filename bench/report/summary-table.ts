import { CONTESTANTS } from "../contestants/contestant";
import { columns } from "./columns";
import { formatted } from "./format";
import { spreadText } from "./spread-text";
import { overall, type Check, type Row } from "./summary";

const TITLES = { stock: "stock", tuned: "tuned compose", ours: "ours", kraft: "ours, KRaft" } as const;

/** Pure: the summary as plain text: figures, targets, and what each figure means. */
export function table(rows: readonly Row[]): string {
  if (rows.length === 0) return "Nothing was measured.";
  const names = CONTESTANTS.filter((name) => rows.some(({ by }) => by[name]));
  const others = names.includes("ours") ? names.filter((name) => name !== "ours") : [];
  const figures = [
    [
      "median (lowest–highest)",
      "unit",
      ...names.map((name) => TITLES[name]),
      ...others.map((name) => `ours ÷ ${name}`),
    ],
    ...rows.map(({ figure, by, ratios }) => [
      figure.title,
      figure.unit,
      ...names.map((name) => spreadText(by[name])),
      ...others.map((name) => (ratios[name] === undefined ? "" : formatted(ratios[name]))),
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

function texts(checks: readonly Check[]): string {
  return checks.map(({ text, passed }) => (passed === false ? `${text} ✗` : text)).join(", ");
}

/** Each family of figures once. */
export function definitions(rows: readonly Row[]): string {
  const texts = new Map(rows.map(({ figure }) => [figure.family ?? figure.title, figure.definition]));
  return [...texts].map(([title, definition]) => `${title}:\n  ${definition}`).join("\n");
}

/** The result as plain text. Pure. */
import { columns } from "../../terminal/columns";
import { resultLines } from "../../verify/result";
import { disorderOf, isGood, lostOf, type Results, type Row } from "../chaos-results";
import type { Fault } from "../faults/fault";
import type { Growth } from "../memory";
import { byFault, type FaultSummary, spread } from "./by-fault";

const HEADINGS = [
  ...["fault", "of", "commits", "lost", "out of order", "repeats: topic", "handler", "unmarked"],
  ...["dead letters", "caught up", "hands", "loss said", "verify", "/healthz after 10 s", "doctor after 10 s"],
];

export function report(results: Results): string {
  const { faults, doubts, memory, troubles, verify } = results;
  const rows = [HEADINGS, ...faults.map(cells), total(faults)];
  return [
    headOf(results),
    "",
    columns(rows),
    "",
    summaryLines(faults),
    "",
    ...(verify.length > 0 ? resultLines(verify, (_color, text) => text) : ["verify could not be asked"]),
    `${doubts.asked} commits had no answer; ${doubts.committed} of them had worked`,
    ...memory.map(memoryLine),
    ...troubles.map((trouble) => `trouble: ${trouble}`),
    ...faults.flatMap(examples),
    isGood(results) ? verdictOf(results) : "NOT all is well.",
  ].join("\n");
}

/** The machine, the load and the seed of a run. */
export function headOf({ machine, seed, rate, exactlyOnce, minutes }: Results): string {
  const { cores, memoryGiB, docker, date } = machine;
  const load = `seed ${seed}, ${rate} changes/s${exactlyOnce ? ", exactly once" : ""}, ${minutes.toFixed(1)} minutes`;
  return `${cores} cores, ${memoryGiB} GiB, Docker ${docker}, ${date}; ${load}`;
}

function memoryLine({ container, firstMb, lastMb }: Growth): string {
  const change = (lastMb / firstMb - 1) * 100;
  const signed = `${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(1)} %`;
  return `memory of ${container}: ${firstMb.toFixed(0)} MB in the first quarter, ${lastMb.toFixed(0)} MB in the last (${signed})`;
}

function verdictOf({ faults, exactlyOnce }: Results): string {
  const lost = faults.some((row) => lostOf(row) > 0)
    ? "Nothing lost but what no reader could get, which was said"
    : "Nothing lost";
  return `${lost}; nothing out of order${exactlyOnce ? ", and nothing twice in the topics" : ""}.`;
}

function cells(row: Row): string[] {
  return [
    ...[row.fault, row.target, String(row.committed), losses(row), String(disorderOf(row)), String(row.repeats)],
    ...[String(row.repeatsAtHandler), String(row.unmarked), String(row.deadLetters)],
    ...[
      `${row.caughtUpSeconds.toFixed(1)} s`,
      row.hands,
      saidOf(row),
      row.unequal === undefined ? "" : row.unequal.length === 0 ? "equal" : `NOT: ${row.unequal.join(", ")}`,
      row.health === undefined ? "" : (row.health ?? "ok"),
      row.doctor === undefined ? "well by then" : (row.doctor ?? "not red"),
    ],
  ];
}

/** After how long a loss was reported; or that one was reported which was none. */
function saidOf({ saidSeconds, untrue }: Row): string {
  if (untrue !== undefined) return "UNTRUE";
  return saidSeconds === undefined ? "" : saidSeconds === null ? "NOT" : `${saidSeconds.toFixed(1)} s`;
}

function total(rows: readonly Row[]): string[] {
  const sum = (of: (row: Row) => number): string => String(rows.reduce((all, row) => all + of(row), 0));
  return [
    ...[
      "all",
      `${rows.length} faults`,
      sum((row) => row.committed),
      sum(lostOf),
      sum(disorderOf),
      sum((row) => row.repeats),
    ],
    ...[
      sum((row) => row.repeatsAtHandler),
      sum((row) => row.unmarked),
      sum((row) => row.deadLetters),
      "",
      "",
      "",
      "",
      "",
      "",
    ],
  ];
}

/** One line for each kind of fault, however often it came. */
export function summaryLines(rows: readonly Row[]): string {
  const headings = [
    ...["fault", "times", "commits", "lost", "out of order", "repeats: topic", "handler", "unmarked"],
    ...["caught up (s)", "hands", "loss said (s)"],
  ];
  return columns([headings, ...byFault(rows).map(summaryCells)]);
}

function summaryCells(summary: FaultSummary): string[] {
  const { fault, times, committed, lost, disorder, repeats, repeatsAtHandler, unmarked } = summary;
  const counts = [times, committed, lost, disorder, repeats, repeatsAtHandler, unmarked].map(String);
  return [fault, ...counts, spread(summary.caughtUp), summary.hands.join(", "), spread(summary.said)];
}

/** Lost changes, with the place where they were lost. */
function losses(row: Row): string {
  return lostOf(row) === 0 ? "0" : `${row.lost.length} topic, ${row.unhandled.length} handler`;
}

/** The first versions with which something went wrong, to look for in dist/chaos. */
function examples({ fault, lost, unhandled, invented, disorder, disorderAtHandler, untrue }: Row): string[] {
  const lists = { lost, unhandled, invented, disorder, disorderAtHandler };
  const alarm = untrue === undefined ? [] : [`${fault}: said to be lost: ${untrue}`];
  const versions = Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([what, list]) => `${fault}: ${what}: ${list.slice(0, 5).join(", ")}${list.length > 5 ? ", …" : ""}`);
  return [...alarm, ...versions];
}

export function listOf(faults: readonly Fault[]): string {
  const rows = faults.map(({ name, hands, onlyNamed, what }) => [name, hands, onlyNamed ? "when named" : "", what]);
  return columns([["fault", "hands", "comes", "what"], ...rows]);
}

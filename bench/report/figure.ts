/** What can be asked for with --measures, in the order in which it is measured. */
export const MEASURES = [
  "images",
  "first-row",
  "latency",
  "memory",
  "cpu",
  "noop",
  "npm-start",
  "drain",
  "sustained",
  "events",
  "snapshot",
  "destroy",
  "growth",
  "many-tables",
  "added-rows",
] as const;
export type Measure = (typeof MEASURES)[number];

const ASKED_FOR: readonly Measure[] = ["npm-start", "events", "many-tables", "added-rows"];
/** What is measured when nothing is named. */
export const USUAL_MEASURES = MEASURES.filter((measure) => !ASKED_FOR.includes(measure));

/** What needs starts of its own, and is measured of the Pulumi program alone. */
export const OWN_STARTS: readonly Measure[] = ["growth", "many-tables", "added-rows"];

/** A limit: a number in the figure's unit, and how many times the other contestants' median. */
export interface Target {
  limit?: number;
  timesStock?: number;
  timesTuned?: number;
}

export interface Figure {
  id: string;
  measure: Measure;
  title: string;
  unit: string;
  better: "less" | "more";
  /** Title of several figures that share a definition. @default the title */
  family?: string;
  /** One sentence: from where to where, under what load. */
  definition: string;
  must?: Target;
  aim?: Target;
  /** What it must be beside version 0.1.0. @default no worse than by a twentieth */
  beside?: Beside;
}

/** How many times the other revision's median it must be, or how much of the unit it may lose. */
export interface Beside {
  times?: number;
  mayLose?: number;
}

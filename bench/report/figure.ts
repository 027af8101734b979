/** Values of --measures, in the order in which they are measured. */
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
/** The measures without --measures. */
export const USUAL_MEASURES = MEASURES.filter((measure) => !ASKED_FOR.includes(measure));

/** Measures that need starts of their own, and are taken only of the Pulumi program. */
export const OWN_STARTS: readonly Measure[] = ["growth", "many-tables", "added-rows"];

/** A limit: a number in the figure's unit, or a multiple of another contestant's median. */
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
  /** The limit compared with version 0.1.0. @default at most a twentieth worse */
  beside?: Beside;
}

/** The multiple of the other revision's median that it has to reach, or the amount in its unit by which it may be worse. */
export interface Beside {
  times?: number;
  mayLose?: number;
}

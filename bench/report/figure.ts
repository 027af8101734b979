/** What can be asked for with --measures, in the order in which it is measured. */
export const MEASURES = [
  "images",
  "first-row",
  "latency",
  "memory",
  "cpu",
  "noop",
  "drain",
  "sustained",
  "snapshot",
  "destroy",
  "growth",
] as const;
export type Measure = (typeof MEASURES)[number];

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
}

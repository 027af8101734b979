import type { Figure } from "./figure";
import { GROWTH_FIGURES } from "./growth-figures";

/** Definition of a latency. Of the two honest ones it is the stricter, because the wait for the disk counts. */
const LATENCY =
  "from the commit time that Postgres stamps in µs, before it flushes the commit to disk, to the moment the consumer " +
  "hands the change to its handler, both read from this host's clock";

function latency(id: string, title: string, definition: string, targets: Record<string, Partial<Figure>>): Figure[] {
  return ["p50", "p95", "p99"].map((name) => ({
    id: `${id}-${name}`,
    measure: "latency" as const,
    title: `${title}, ${name}`,
    family: title,
    unit: "ms",
    better: "less" as const,
    definition,
    ...targets[name],
  }));
}

/** All figures, in the table's order. */
export const FIGURES: readonly Figure[] = [
  {
    id: "first-row",
    measure: "first-row",
    title: "images present → first row seen",
    unit: "s",
    better: "less",
    definition:
      "from the start of `pulumi up` or `compose up` with an empty state, images built, to the consumer's /changes showing " +
      "a row that the database's init script inserted.",
    must: { limit: 10, timesStock: 0.6, timesTuned: 1.3 },
    aim: { limit: 7, timesTuned: 1.1 },
    beside: { mayLose: 0.4 },
  },
  {
    id: "up",
    measure: "first-row",
    title: "the same → the command has ended",
    unit: "s",
    better: "less",
    definition:
      "from the same start until `pulumi up` has ended, or compose and the script that makes topics and connector have.",
    beside: { mayLose: 0.4 },
  },
  ...latency(
    "first-300",
    "latency, first 300 events",
    `100 single-row commits/s, the first 300 after a start: ${LATENCY}.`,
    { p99: { must: { limit: 60 }, aim: { limit: 25 } } },
  ),
  ...latency(
    "warm",
    "latency at 100/s, warm",
    "the commits that follow those, 100/s for 30 s (10 s with --quick); measured the same.",
    {
      p50: { must: { limit: 5, timesStock: 0.02 }, aim: { limit: 3 } },
      p99: { must: { limit: 15, timesStock: 0.02 }, aim: { limit: 8 } },
    },
  ),
  ...latency(
    "sparse",
    "latency, one commit every 300 ms",
    "one single-row commit every 300 ms for 30 s (6 s with --quick); measured the same.",
    {},
  ),
  {
    id: "memory-idle",
    measure: "memory",
    title: "memory of the containers, idle",
    unit: "MB",
    better: "less",
    definition:
      "anonymous and shared memory of all five containers (page cache left out, Postgres' buffers counted), without load " +
      "after the latency runs.",
    must: { limit: 800 },
    aim: { limit: 600 },
    beside: { times: 0.8 },
  },
  {
    id: "memory-drain",
    measure: "memory",
    title: "memory of the containers, drain",
    unit: "MB",
    better: "less",
    definition: "the same at the moment of the drain when all five together held most, looked at twice a second.",
    must: { limit: 1100 },
    aim: { limit: 900 },
  },
  {
    id: "cpu-idle",
    measure: "cpu",
    title: "CPU of the containers, idle",
    unit: "%",
    better: "less",
    definition: "CPU time of all five containers over 30 s without load, health checks included, in % of one core.",
    must: { limit: 5 },
    aim: { limit: 2 },
  },
  {
    id: "drain",
    measure: "drain",
    title: "drain",
    unit: "rows/s",
    better: "more",
    definition:
      "rows inserted 1,000 a statement, as fast as Postgres takes them: their number by the time from the first commit to " +
      "the last row's handler.",
    must: { limit: 40_000, timesStock: 7 },
    aim: { limit: 60_000 },
  },
  {
    id: "sustained",
    measure: "sustained",
    title: "sustained, lag flat for 60 s",
    unit: "rows/s",
    better: "more",
    definition:
      "the highest rate of a ladder, one statement every 20 ms, at which, for 60 s, a straight line through the backlog (rows committed but not handled) " +
      "rises by less than 1 % of the rate and the backlog at the end is under 1 s of rows; stock and tuned compose in the first round only.",
    must: { limit: 20_000 },
    aim: { limit: 30_000 },
  },
  {
    id: "snapshot",
    measure: "snapshot",
    title: "snapshot",
    unit: "rows/s",
    better: "more",
    definition:
      "a connector created on a table that is full already: its rows by the time from the POST to the last row's handler, " +
      "the connector's own start included.",
  },
  {
    id: "noop",
    measure: "noop",
    title: "the same command with nothing to do",
    unit: "s",
    better: "less",
    definition: "`pulumi up` or `compose up` once more on the running stack; it must find nothing to change.",
    must: { limit: 4 },
    aim: { limit: 2.5 },
  },
  {
    id: "npm-start",
    measure: "npm-start",
    title: "`npm start` with nothing to do",
    unit: "s",
    better: "less",
    definition: "the whole command on the running stack: its look at the machine, `pulumi up`, the demo.",
    aim: { limit: 2.5 },
    beside: { times: 0.6 },
  },
  {
    id: "events-none-cpu",
    measure: "events",
    title: "CPU of the consumer at 5,000 changes/s",
    unit: "%",
    better: "less",
    definition: "of one core, over 20 s after 10 s of the same load; nobody reads /events.",
  },
  {
    id: "events-20-cpu",
    measure: "events",
    title: "the same with 20 clients on /events",
    unit: "%",
    better: "less",
    definition: "the next 20 s, with twenty clients that read all they are sent.",
  },
  {
    id: "events-times",
    measure: "events",
    title: "the second by the first",
    unit: "×",
    better: "less",
    definition: "how many times the CPU without clients it is with twenty.",
    must: { limit: 1.3 },
    aim: { limit: 1.1 },
  },
  {
    id: "destroy",
    measure: "destroy",
    title: "destroy",
    unit: "s",
    better: "less",
    definition: "`pulumi destroy` or `compose down -v`: from the start until containers, volumes and network are gone.",
    must: { limit: 6 },
    aim: { limit: 4 },
  },
  {
    id: "image-kafka",
    measure: "images",
    title: "image kafka, caches included",
    unit: "MB",
    better: "less",
    definition: "size of the image that ZooKeeper, Kafka and Connect run, its base included.",
    must: { limit: 550 },
    aim: { limit: 450 },
  },
  {
    id: "image-postgres",
    measure: "images",
    title: "image postgres",
    unit: "MB",
    better: "less",
    definition: "size of the image, its base included.",
  },
  {
    id: "image-consumer",
    measure: "images",
    title: "image consumer",
    unit: "MB",
    better: "less",
    definition: "size of the image, its base included.",
  },
  ...GROWTH_FIGURES,
];

export function figure(id: string): Figure {
  const found = FIGURES.find((each) => each.id === id);
  if (!found) throw new Error(`there is no figure ${id}`);
  return found;
}

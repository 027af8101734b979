import type { Beside, Figure } from "./figure";

const ALONE = "ours alone, once; with --against both sides, in each round.";

/** By number of tables, the limits of start and latency compared with version 0.1.0. */
const TABLES: [number, Beside | undefined, Beside | undefined][] = [
  [1, { mayLose: 0.4 }, undefined],
  [10, undefined, undefined],
  [50, { times: 0.55 }, { times: 0.4 }],
];

/** By size of a row, the limit of the drain compared with version 0.1.0. */
const ROWS: [number, Beside][] = [
  [100, { times: 1.5 }],
  [1000, { times: 1.5 }],
  [10_000, { times: 2.5 }],
];

function seconds(id: string, title: string, definition: string, times: number, aim: number): Figure {
  return {
    ...{ id, measure: "many-tables", title, unit: "s", better: "less", definition: `${definition}; ${ALONE}` },
    aim: { limit: aim },
    beside: { times },
  };
}

/** Figures about growth: with the number of tables, with the size of rows, and with the rows that a table has already. */
export const GROWTH_FIGURES: readonly Figure[] = [
  ...TABLES.flatMap(([tables, first, latency]): Figure[] => [
    {
      id: `tables-${tables}-first-row`,
      measure: "growth",
      title: `${tables === 1 ? "1 table" : `${tables} tables`}: start → all first rows seen`,
      family: "1, 10, 50 tables: start → all first rows seen",
      unit: "s",
      better: "less",
      definition: `from the start of \`pulumi up\` with an empty state until a row of every table has been handled; ${ALONE}`,
      ...(first && { beside: first }),
    },
    {
      id: `tables-${tables}-p99`,
      measure: "growth",
      title: `${tables === 1 ? "1 table" : `${tables} tables`}: latency at 100/s, p99`,
      family: "1, 10, 50 tables: latency at 100/s, p99",
      unit: "ms",
      better: "less",
      definition: `100 single-row commits/s for 10 s over all tables in turn, after 300 others; ${ALONE}`,
      ...(latency && { beside: latency }),
    },
  ]),
  ...ROWS.flatMap(([bytes, beside]): Figure[] => [
    {
      id: `rows-${bytes}-drain`,
      measure: "growth",
      title: `rows of ${bytes.toLocaleString("en")} B: drain`,
      family: "rows of 100, 1,000, 10,000 B: drain",
      unit: "rows/s",
      better: "more",
      definition: `the drain with a text of that size in each row (200,000, 100,000 and 20,000 rows); ${ALONE}`,
      beside,
    },
    {
      id: `rows-${bytes}-mb`,
      measure: "growth",
      title: `rows of ${bytes.toLocaleString("en")} B: drain, text`,
      family: "rows of 100, 1,000, 10,000 B: drain, text",
      unit: "MB/s",
      better: "more",
      definition: "the same as bytes of the rows' text, without what JSON and Debezium's envelope add.",
      beside,
    },
  ]),
  seconds(
    "tables-300-add",
    "300 tables: the command that adds them",
    "`pulumi up` of a running stack whose `tables` names a schema of 300 empty tables beside the first one",
    0.35,
    12,
  ),
  seconds("tables-300-noop", "300 tables: nothing to do", "`pulumi up` once more", 0.7, 3),
  seconds("tables-301st", "300 tables: one more", "`pulumi up` after a 301st table was made in the schema", 0.7, 4),
  seconds(
    "tables-300-away",
    "300 tables: all taken away",
    "`pulumi up` after the schema was taken out of `tables`",
    0.15,
    12,
  ),
  {
    id: "added-rows",
    measure: "added-rows",
    title: "existing rows of an added table",
    unit: "rows/s",
    better: "more",
    definition:
      "a table of 500,000 rows is added to `tables` of a running stack: from the first of its rows that the consumer has handled to " +
      `the last; ${ALONE}`,
    aim: { limit: 63_000 },
    beside: { times: 2 },
  },
];

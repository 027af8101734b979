import type { Contestant } from "../contestants/contestant";
import { tableNames, tableSql } from "../contestants/init-sql";
import { firstRow } from "./first-row";
import { type Run, timed, withClient } from "./measure";
import { insertRows } from "./instruments/row-writer";

const COUNT = 300;
const SCHEMA = "many";
const DEADLINE_MS = 60_000;

/** Measures a schema of 300 tables on a running stack: it adds them, runs a no-op `up`, adds one more, and removes all. */
export async function measureManyTables(
  contestant: Contestant,
  prepare: (tables: string[]) => Promise<Run>,
): Promise<void> {
  const before = tableNames(1);
  const run = await prepare(before);
  try {
    await firstRow(run);
    run.say(`a schema of ${COUNT} tables is added`);
    const names = Array.from({ length: COUNT }, (_, at) => `${SCHEMA}.table_${at + 1}`);
    await execute(run, [`create schema ${SCHEMA}`, ...names.map(tableSql)]);
    await contestant.capture!([...before, `${SCHEMA}.*`]);
    run.record("tables-300-add", await timed(() => contestant.up()));
    await isCaptured(run, names.at(-1)!);
    run.record("tables-300-noop", await timed(() => contestant.noop()));
    const one = `${SCHEMA}.table_${COUNT + 1}`;
    await execute(run, [tableSql(one)]);
    run.record("tables-301st", await timed(() => contestant.up()));
    await isCaptured(run, one);
    await contestant.capture!(before);
    run.record("tables-300-away", await timed(() => contestant.up()));
    await isCaptured(run, before[0]!);
  } finally {
    await contestant.remove();
  }
}

async function execute(run: Run, statements: string[]): Promise<void> {
  await withClient(run, (client) => client.query(statements.join(";\n")));
}

/** Writes a row and waits until it arrives: so the command that was timed has done its work. */
async function isCaptured(run: Run, table: string): Promise<void> {
  const { total } = await run.feed.newest();
  await withClient(run, (client) => insertRows(client, table, 1));
  await run.feed.untilTotal(total + 1, { deadlineMs: DEADLINE_MS });
}

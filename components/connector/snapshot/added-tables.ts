import { escapeLiteral } from "pg";
import { sqlName } from "../../names/sql-name";
import { listed } from "../config/listed";
import { otherConverter } from "../config/written-form";
import { namedTables } from "../slot/source";
import { streams } from "../slot/loss-look";
import { kafkaOf } from "../rest/access";
import { withHoldLook } from "../slot/hold-look";
import type { Target } from "../rest/rest";
import { withSession } from "../slot/connector-session";
import { readNotifications } from "./notifications";
import { isBeingRead, type TableOutcome, readTable, type Reading } from "./read-table";
import { readTogether } from "./read-together";
import { tellEmptied, toldTables } from "./emptied";
import { finishLeft } from "./left-over";
import { clearSignals, leftSignals } from "./signals";
import { briefBatches, togetherSignal } from "./snapshot-signal";
import { untilOver } from "./snapshot-end";
import { isUnderWay } from "./snapshot-verdict";
import { lookAtTables } from "./table-look";
import type { ConnectorInputs, ConnectorOutputs } from "../connector-types";

/** The connector's tables, their ids, and those that are still to be read. */
type Known = Pick<ConnectorInputs, "config" | "tableIds"> & Partial<Pick<ConnectorOutputs, "pendingSnapshots">>;

/**
 * Pure: the tables whose existing rows are to be read, sorted: tables that an earlier apply has left unread, tables that are new to the
 * connector, and tables that were dropped and created again under their name.
 *
 * A killed apply may have given the connector a table that it did not come to read. The next refresh finds that table in the live config and
 * takes it into the state's. So a table counts as new, too, where the state has ids of tables and none of this one.
 *
 * @param olds what was applied last; none where the connector is made, or taken over
 * @param live the connector's config in Kafka Connect before this apply; none where there is no connector
 */
export function tablesToRead(olds: Known | undefined, news: Known, live?: Known["config"]): string[] {
  if (news.config["snapshot.mode"] === "no_data") return [];
  if (!olds) return live === undefined ? [] : notIn(live, namedTables(news.config)).sort();
  const before = namedTables(olds.config);
  const without = live === undefined ? [] : notIn(live, namedTables(news.config));
  const known = Object.keys(olds.tableIds ?? {}).length > 0;
  const isAnew = (table: string): boolean => {
    const [was, is] = [olds.tableIds?.[table], news.tableIds?.[table]];
    return known && is !== undefined && was !== is;
  };
  const isLeft = (table: string): boolean => olds.pendingSnapshots?.includes(table) === true;
  return namedTables(news.config)
    .filter((table) => !before.includes(table) || without.includes(table) || isLeft(table) || isAnew(table))
    .sort();
}

/**
 * Pure: tables whose rows the connector can never read, since it takes no signal: it reads all tables once, and no log.
 *
 * @returns a sentence for the one who adds them; undefined: there are none
 */
export function unreadableTables(olds: Known | undefined, news: Known): string | undefined {
  if (olds === undefined || streams(news.config)) return undefined;
  const tables = tablesToRead(olds, news);
  if (tables.length === 0) return undefined;
  return (
    `with snapshot.mode initial_only the connector reads its tables once, when it is made, and not the rows of ${tables.join(", ")}. ` +
    "Set it back; or take another connectorName, for a connector that reads all rows once; or snapshotMode when_needed, which reads all rows again, and changes from then on."
  );
}

/** Pure: those of `tables` that a connector with this config certainly does not have: its include list names tables one by one, and not these. */
function notIn(config: Known["config"], tables: readonly string[]): string[] {
  const has = namedTables(config);
  return namesEach(config) ? tables.filter((table) => !has.includes(table)) : [];
}

/** Pure: whether the include list names tables one by one. Otherwise nothing tells here which tables the connector has. */
export function namesEach(config: Known["config"]): boolean {
  const list = String(config["table.include.list"] ?? "");
  return list !== "" && namedTables(config).length === list.split(",").length;
}

/** Whether the inputs have all that an added table's snapshot takes: signal table, notifications that are read here, database, Kafka. */
export function canRead(inputs: ConnectorInputs): boolean {
  return canAsk(inputs) && otherConverter(inputs.config) === undefined;
}

function canAsk({ config, database, bootstrapServers }: ConnectorInputs): boolean {
  const asked = config["signal.data.collection"] !== undefined;
  const told = listed(config["notification.enabled.channels"]).includes("sink");
  return asked && told && database !== undefined && bootstrapServers !== undefined;
}

/** Pure: what is said of tables whose rows no apply has read, since `canRead` does not hold. */
export function unreadText(inputs: ConnectorInputs, tables: readonly string[]): string {
  const other = otherConverter(inputs.config);
  const begun = `${tables.join(", ")}: rows from before now are not read`;
  if (!canAsk(inputs) || other === undefined)
    return (
      `${begun}: that takes database, bootstrapServers, a signal table and notifications in ` +
      "a topic (postgresSource sets them)."
    );
  const signal = JSON.stringify(togetherSignal(tables));
  return (
    `${begun}: Debezium's notifications, by which an apply sees that rows are read, are written by ${other}, and not as JSON. Debezium reads the rows while the ` +
    `stream waits, once somebody runs: INSERT INTO ${sqlName(String(inputs.config["signal.data.collection"]))} (id, type, data) ` +
    `VALUES (gen_random_uuid()::text, 'execute-snapshot', ${escapeLiteral(signal)});`
  );
}

/**
 * Has Debezium read the existing rows of tables: small tables in batches, large ones one after the other. Returns when Debezium's
 * notifications say that the tables are read. These come through a topic of their own, so the last rows may reach the tables' topics a moment
 * later. There is no deadline while rows arrive.
 *
 * @param told those of `tables` whose topics have records already. They get a TRUNCATE first, since nothing else tells readers which of
 *   those rows are gone.
 * @param isRead called with each table that has been read
 * @throws naming each table that was not read, and why
 */
export async function readAddedTables(
  target: Target,
  inputs: ConnectorInputs,
  tables: readonly string[],
  told: readonly string[],
  isRead: (table: string) => void,
): Promise<void> {
  const failed: Failed = { tables: [], reasons: [] };
  const said: string[] = [];
  const left = new Set(tables);
  const done = (table: string, words?: string): void => {
    left.delete(table);
    if (words !== undefined) said.push(words);
    isRead(table);
  };
  try {
    await withReading(target, inputs, async (reading) => {
      const finished = await finishLeft(reading, tables);
      for (const [table, rows] of finished ?? []) done(table, `${table} (${rows})`);
      // What was waited for may have written rows of a table that it did not read whole.
      const now = finished === undefined ? told : await toldTables(inputs, [...left]);
      // Before the look at the tables: rows that are inserted after the look come through the stream, behind the TRUNCATE.
      await tellEmptied(
        inputs,
        now.filter((table) => left.has(table) && !isBeingRead(reading, table)),
        { streams: true },
      );
      const looks = await lookAtTables(reading.signals.database, [...left]);
      // An empty table needs no snapshot: the connector has it already, and later rows come through the stream.
      for (const [table, { rows }] of looks) if (rows === 0) done(table);
      const waiting = new Map([...looks].filter(([table]) => left.has(table)));
      for (const batch of briefBatches(waiting)) {
        const read = await readTogether(reading, new Map(batch.map((table) => [table, waiting.get(table)!])));
        for (const [table, words] of read) done(table, words);
      }
      for (const table of [...left]) {
        const look = looks.get(table);
        const outcome: TableOutcome = look
          ? await readTable(reading, table, look)
          : { reason: "there is no such table any more." };
        if ("said" in outcome) {
          done(table, outcome.said);
        } else {
          left.delete(table);
          failed.tables.push(table);
          failed.reasons.push(`${table}: ${outcome.reason}`);
        }
      }
    });
  } catch (error) {
    failed.tables.push(...left);
    failed.reasons.push((error as Error).message);
  }
  if (said.length > 0) console.error(`Existing rows read: ${said.join(", ")}.`);
  if (failed.tables.length > 0) throw notRead(target, failed);
}

interface Failed {
  tables: string[];
  reasons: string[];
}

function notRead({ operation }: Target, { tables, reasons }: Failed): Error {
  return new Error(
    `${operation}: existing rows of ${tables.join(", ")} are not read; the next \`pulumi up\` tries again. ${reasons.join(" ")}`,
  );
}

async function withReading(
  target: Target,
  inputs: ConnectorInputs,
  work: (reading: Reading) => Promise<void>,
): Promise<void> {
  const { config } = inputs;
  const signals = { database: inputs.database!, table: String(config["signal.data.collection"]) };
  const topic = String(config["notification.sink.topic.name"]);
  const reader = await readNotifications(kafkaOf(inputs)!, topic, inputs.groupPrefix);
  try {
    const left = await leftSignals(signals);
    await withSession(inputs.database!, (asRole) =>
      withHoldLook(asRole, inputs, (held) => work({ target, inputs, signals, reader, left, asRole, held })),
    );
    await untilOver(reader.told, signals);
    if (!isUnderWay(reader.told())) await clearSignals(signals);
  } finally {
    await reader.close();
  }
}

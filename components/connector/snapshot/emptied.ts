/** Writes a TRUNCATE into a table's topic: its readers empty their copy, which the snapshot that follows fills again. */
import type { Admin, Kafka } from "kafkajs";
import { topicOf } from "../../names/topic-names";
import { clientConfig } from "../../existing/kafka/kafka-access";
import { whyNotPlain } from "../config/written-form";
import { kafkaOf } from "../rest/access";
import { endOfLog } from "./signals";
import { whileNobodyWrites, withLockers } from "./write-lock";
import type { ConnectorInputs } from "../connector-types";

/**
 * Writes a TRUNCATE into the topic of each table, in the form in which Debezium writes one. A snapshot has only the rows that exist now, so
 * rows whose DELETE is in no topic would stay in the readers' copies for ever. Each partition with records gets a TRUNCATE, since a reader
 * may read only some partitions. Where the record cannot be written, `up` says so.
 *
 * The record has the position of the log's end. It must be written before the snapshot begins: then the snapshot has a later position, and
 * holds all that was committed before.
 *
 * @param streams whether a connector streams changes meanwhile. Then the table is locked against writes for that moment, so that no change
 *   with a later position stands before the TRUNCATE.
 */
export async function tellEmptied(
  inputs: ConnectorInputs,
  tables: readonly string[],
  { streams }: { streams: boolean },
): Promise<void> {
  if (tables.length === 0) return;
  const why = whyUntellable(inputs);
  if (why !== undefined) return tellStale(inputs, tables, why);
  const left = new Set(tables);
  const unlocked = new Map<string, string[]>();
  try {
    const { Partitioners } = await import("kafkajs");
    await withAdmin(inputs, async (admin, kafka) => {
      const producer = kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
      });
      try {
        await producer.connect();
        const found = await writtenIn(admin, inputs, tables);
        await withLockers(inputs, streams, async (client, lockers) => {
          for (const [table, partitions] of found) {
            const topic = topicOf(String(inputs.config["topic.prefix"]), table);
            const written = writtenPartitions(partitions);
            const tell = async (): Promise<void> => {
              const value = JSON.stringify(truncate(inputs, table, Number(await endOfLog(client)), Date.now()));
              const messages = written.map((partition) => ({ key: null, value, partition }));
              await producer.send({ topic, acks: -1, messages });
            };
            const why =
              written.length === 0 ? undefined : await (streams ? whileNobodyWrites(lockers, table, tell) : tell());
            if (typeof why === "string") unlocked.set(why, [...(unlocked.get(why) ?? []), table]);
            left.delete(table);
          }
        });
      } finally {
        await producer.disconnect();
      }
    });
  } catch (error) {
    tellStale(inputs, [...left], (error as Error).message);
  }
  for (const [why, some] of unlocked) tellUnlocked(inputs, some, why);
}

/**
 * The tables whose topics have records, and so need a TRUNCATE before their rows are read again. Tables whose topic has several partitions
 * are left out, and `up` says so: a reader that empties its copy at one partition's TRUNCATE would lose rows that it has from the others.
 */
export async function toldTables(inputs: ConnectorInputs, tables: readonly string[]): Promise<string[]> {
  if (tables.length === 0 || kafkaOf(inputs) === undefined) return [];
  const found = await withAdmin(inputs, (admin) => writtenIn(admin, inputs, tables), 1).catch(() => undefined);
  // Where the broker does not answer, every table counts: the stream may already have written to the topics of new tables.
  if (found === undefined) return [...tables];
  const told = [...found].filter(([, partitions]) => writtenPartitions(partitions).length > 0);
  const spread = told.filter(([, partitions]) => partitions.length > 1).map(([table]) => table);
  if (spread.length > 0) tellStale(inputs, spread, "they have several partitions, which have no order among them");
  return told.filter(([, partitions]) => partitions.length === 1).map(([table]) => table);
}

/**
 * Before a first snapshot: writes a TRUNCATE into each topic that has records already. They are of an earlier connector, whose offsets and slot
 * are gone: what was deleted since is in no topic, and rows without a key would be there twice.
 */
export async function tellBefore(inputs: ConnectorInputs, tables: readonly string[]): Promise<void> {
  if (tables.length === 0 || kafkaOf(inputs) === undefined) return;
  const found = await withAdmin(inputs, (admin) => writtenIn(admin, inputs, tables), 1).catch((error: Error) => error);
  if (found instanceof Error) {
    const why = `whether they have records of an earlier connector cannot be asked (${found.message})`;
    return tellStale(inputs, tables, why);
  }
  const told = [...found].filter(([, partitions]) => writtenPartitions(partitions).length > 0).map(([table]) => table);
  if (told.length === 0) return;
  const why = whyUntellable(inputs);
  if (why !== undefined) return tellStale(inputs, told, why);
  console.error(
    `Connector ${inputs.connectorName}: the topics of ${told.join(", ")} have records of an earlier connector. All rows are read again, ` +
      "behind a TRUNCATE that empties the readers' copies.",
  );
  await tellEmptied(inputs, told, { streams: false });
}

type Offsets = readonly { partition: number; high: string }[];

async function withAdmin<T>(
  inputs: ConnectorInputs,
  work: (admin: Admin, kafka: Kafka) => Promise<T>,
  retries = 5,
): Promise<T> {
  // Loaded late: hardly any run of the provider needs Kafka.
  const { quietKafka } = await import("../../../consumer/kafka/quiet-kafka");
  const kafka = quietKafka({ clientId: "cdc-connector", ...clientConfig(kafkaOf(inputs)!), retry: { retries } });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin, kafka);
  } finally {
    await admin.disconnect();
  }
}

/** The partitions of each table's topic, with their end offsets; empty where there is no such topic. */
async function writtenIn(
  admin: Admin,
  { config }: ConnectorInputs,
  tables: readonly string[],
): Promise<Map<string, Offsets>> {
  const there = await admin.listTopics();
  const found = new Map<string, Offsets>();
  for (const table of tables) {
    const topic = topicOf(String(config["topic.prefix"]), table);
    found.set(table, there.includes(topic) ? await admin.fetchTopicOffsets(topic) : []);
  }
  return found;
}

/** Keys with which a snapshot leaves tables or rows out. */
const SNAPSHOTS_OF_A_PART = ["snapshot.include.collection.list", "snapshot.select.statement.overrides"] as const;

function whyUntellable(inputs: ConnectorInputs): string | undefined {
  const { config } = inputs;
  if (kafkaOf(inputs) === undefined) return "bootstrapServers is not set";
  const part = SNAPSHOTS_OF_A_PART.find((key) => config[key]);
  if (part !== undefined)
    return `with ${part} not all rows are read again, and the others would be missing from copies`;
  return whyNotPlain(config);
}

/** Pure: the partitions that a record was ever written to. */
export function writtenPartitions(offsets: Offsets): number[] {
  return offsets.filter(({ high }) => high !== "0").map(({ partition }) => partition);
}

function tellUnlocked({ connectorName, observer }: ConnectorInputs, tables: readonly string[], why: string): void {
  console.error(
    `Connector ${connectorName}: ${tables.join(", ")} could be written to while a TRUNCATE was put before the rows that are read anew (${why}). ` +
      "A change of that moment may stand before the TRUNCATE with a later position: a reader that goes by positions then passes over the TRUNCATE, " +
      "and keeps rows that were deleted. " +
      (observer === undefined ? "An observer" : `Role ${observer.user}`) +
      " that may UPDATE, DELETE or TRUNCATE the table can lock it.",
  );
}

/**
 * Pure: a TRUNCATE in Debezium's envelope.
 *
 * @param lsn its position, in bytes from the log's beginning
 * @param now ms since 1970
 */
export function truncate({ config, database }: ConnectorInputs, table: string, lsn: number, now: number): object {
  const dot = table.indexOf(".");
  const source = {
    ...{ version: "", connector: "postgresql", name: String(config["topic.prefix"]), ts_ms: now, snapshot: "false" },
    ...{ db: database!.database, sequence: null, ts_us: now * 1000, ts_ns: now * 1_000_000 },
    ...{ schema: table.slice(0, dot), table: table.slice(dot + 1), txId: null, lsn, xmin: null },
    ...{ origin: null, origin_lsn: null, commit_lsn: lsn, event_serial_no: 0 },
  };
  return {
    before: null,
    after: null,
    source,
    transaction: null,
    op: "t",
    ts_ms: now,
    ts_us: now * 1000,
    ts_ns: now * 1_000_000,
  };
}

function tellStale({ connectorName }: ConnectorInputs, tables: readonly string[], why: string): void {
  console.error(
    `Connector ${connectorName}: rows of ${tables.join(", ")} that were deleted meanwhile stay in the topics, to which no TRUNCATE could be ` +
      `written: ${why}.`,
  );
}

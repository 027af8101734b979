/** All rows told again from a clean slate: where changes are lost that no reader can get any more, or offsets are of no use. */
import { topicOf } from "../../names/topic-names";
import { clientConfig } from "../../existing/kafka/kafka-access";
import { kafkaOf } from "../rest/access";
import { withDatabase } from "../slot/connector-session";
import { dropSlot, namedTables, slotOf } from "../slot/source";
import type { ConnectorInputs } from "../connector-types";

/** How long the reader of a connector that was stopped may take to let go of the slot, in milliseconds. */
const LET_GO_MS = 15_000;
/** Prefix of the message that says that all rows were told again: its content is from where on, in bytes from the log's beginning. */
const READ_ANEW_PREFIX = "cdc.read-anew";

/** Leaves a stopped connector no slot, and no rows in its topics, for a snapshot as when it was new. */
export async function clearTheGround(inputs: ConnectorInputs): Promise<void> {
  await dropSlot(inputs.database!, slotOf(inputs.config), LET_GO_MS);
  await tellEmptied(inputs).catch((error: Error) => tellStale(inputs, error.message));
}

/** Tells whoever watches in the stream that nothing is missing from here on. */
export async function tellReadAnew({ database }: ConnectorInputs): Promise<void> {
  const sql = `SELECT pg_logical_emit_message(true, $1, (pg_current_wal_lsn() - '0/0')::text)`;
  await withDatabase(database!, (client) => client.query(sql, [READ_ANEW_PREFIX]));
}

/**
 * Writes a TRUNCATE into the topic of each table, as Debezium does for one in the log: rows whose DELETE is lost would stay in
 * there for ever, since a snapshot tells those alone that are left. It goes into each partition that has anything: who reads only some of them has
 * to know as well.
 */
async function tellEmptied(inputs: ConnectorInputs): Promise<void> {
  const { config } = inputs;
  const address = kafkaOf(inputs);
  if (address === undefined) return tellStale(inputs, "bootstrapServers is not set");
  if (config["transforms"] || String(config["value.converter.schemas.enable"]) !== "false")
    return tellStale(inputs, "transforms or a converter decide what its records look like");
  const [{ Partitioners }, { quietKafka }] = await Promise.all([
    import("kafkajs"),
    import("../../../consumer/kafka/quiet-kafka"),
  ]);
  const kafka = quietKafka({ clientId: "cdc-connector", ...clientConfig(address) });
  const [admin, producer] = [
    kafka.admin(),
    kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner }),
  ];
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    const there = await admin.listTopics();
    const lsn = await endOfLog(inputs);
    for (const table of namedTables(config)) {
      const topic = topicOf(String(config["topic.prefix"]), table);
      const written = there.includes(topic) ? writtenPartitions(await admin.fetchTopicOffsets(topic)) : [];
      const value = JSON.stringify(truncate(inputs, table, lsn, Date.now()));
      const messages = written.map((partition) => ({ key: null, value, partition }));
      if (messages.length > 0) await producer.send({ topic, acks: -1, messages });
    }
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

/** Pure: those that a record was ever written to. */
export function writtenPartitions(offsets: readonly { partition: number; high: string }[]): number[] {
  return offsets.filter(({ high }) => high !== "0").map(({ partition }) => partition);
}

async function endOfLog({ database }: ConnectorInputs): Promise<number> {
  const sql = "SELECT pg_current_wal_lsn() - '0/0' AS lsn";
  return withDatabase(database!, async (client) => Number((await client.query<{ lsn: string }>(sql)).rows[0]!.lsn));
}

/** Pure: Debezium's envelope. It stands behind all that is in the topic, and before the snapshot. @param now ms since 1970 */
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

function tellStale({ connectorName }: ConnectorInputs, why: string): void {
  console.error(
    `Connector ${connectorName}: rows that were deleted meanwhile stay in its topics, which could not be told that they begin anew: ${why}.`,
  );
}

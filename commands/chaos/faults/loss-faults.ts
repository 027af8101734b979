/** Faults that lose changes for every reader. The stack has to report the loss, and to be right again once all rows were read again. */
import { setTimeout as sleep } from "node:timers/promises";
import { tellConnect, stop } from "./connector-faults";
import type { Fault, Place } from "./fault";
import { runSql, value } from "./fault-sql";
import { poll } from "../../../components/poll";
import { docker } from "../../../components/engine";
import { withBroker } from "../../../components/preflight/broker-look";
import { workerNames } from "../../../components/existing/kafka/group-names";

/** How long the writer goes on while the connector is stopped. */
const GAP_MS = 3000;
/** Time to move a slot on. Postgres has to read the log up to the new position. */
const SLOT_MS = 60_000;

/** @param loses what is done while the connector is stopped, before the last pause */
function whileStopped(name: string, what: string, loses: (place: Place) => Promise<void>): Fault {
  return {
    name,
    what,
    hands: "read again",
    plan: () => ({
      target: "",
      inject: async (place) => {
        await stop(place);
        await loses(place);
        await sleep(GAP_MS);
        await tellConnect(place, "PUT", "/resume");
      },
    }),
  };
}

const onSlot = ({ database }: Place, statement: string): Promise<void> =>
  runSql({ database: { ...database, query_timeout: SLOT_MS } }, statement);

/** Writes more log than Postgres may keep for a slot. The limit is an argument of the server, which ALTER SYSTEM cannot change. */
async function outgrow(place: Place): Promise<void> {
  const sizes =
    "select pg_size_bytes(current_setting('max_slot_wal_keep_size')) / pg_size_bytes(current_setting('wal_segment_size')) as it";
  const segments = Number(await value(place, sizes));
  if (!(segments > 0)) throw new Error("max_slot_wal_keep_size sets the slot no limit");
  for (let left = segments + 2; left > 0; left--) {
    // `pg_switch_wal` does not leave an empty segment, so each gets a message. A checkpoint now and then is done with the segments so far.
    await onSlot(place, "select pg_logical_emit_message(false, 'chaos', '')");
    await onSlot(place, "select pg_switch_wal()");
    if (left % 32 === 0) await onSlot(place, "checkpoint");
  }
}

async function invalidated(place: Place): Promise<void> {
  const status = `select wal_status as it from pg_replication_slots where slot_name = '${place.slotName}'`;
  await poll<void>(
    async () => {
      await onSlot(place, "checkpoint");
      const seen = String(await value(place, status));
      return seen === "lost" ? { done: true, value: undefined } : { done: false, seen };
    },
    { what: "the slot to be lost", deadlineMs: SLOT_MS },
  );
}

const outgrown: Fault = {
  name: "slot-outgrown",
  what: "the connector stopped, and more log written than max_slot_wal_keep_size lets the slot keep; then resumed",
  hands: "read again",
  // Some GB of log.
  onlyNamed: true,
  plan: () => ({
    target: "",
    prepare: async (place) => {
      await stop(place);
      await outgrow(place);
    },
    inject: async (place) => {
      await invalidated(place);
      await sleep(GAP_MS);
      await tellConnect(place, "PUT", "/resume");
    },
  }),
};

const idle: Fault = {
  name: "slot-idle",
  what: "the connector stopped for longer than idle_replication_slot_timeout allows; then resumed",
  hands: "read again",
  onlyNamed: true,
  refused: async ({ set }) =>
    set["postgresVersion"] === "18"
      ? undefined
      : "idle_replication_slot_timeout came with Postgres 18: give --set postgresVersion=18",
  plan: () => ({
    target: "",
    prepare: stop,
    inject: async (place) => {
      await onSlot(place, "alter system set idle_replication_slot_timeout = '1s'");
      await onSlot(place, "select pg_reload_conf()");
      await sleep(GAP_MS);
      await invalidated(place);
      await onSlot(place, "alter system reset idle_replication_slot_timeout");
      await onSlot(place, "select pg_reload_conf()");
      await tellConnect(place, "PUT", "/resume");
    },
  }),
};

const offsetsTopic: Fault = {
  name: "offsets-topic-lost",
  what: "Kafka Connect stopped, the topic of its offsets deleted, and Kafka Connect started",
  hands: "read again",
  plan: () => ({
    target: "",
    inject: async (place) => {
      await docker(["stop", "--time", "10", ...place.containers("connect")], SLOT_MS);
      await withBroker(place.broker, SLOT_MS, (admin) =>
        admin.deleteTopics({ topics: [workerNames(undefined).offset] }),
      );
      await docker(["start", ...place.containers("connect")], SLOT_MS);
    },
  }),
};

const drop = (place: Place): Promise<void> => onSlot(place, `select pg_drop_replication_slot('${place.slotName}')`);

export const LOSSES: Fault[] = [
  whileStopped("slot-dropped", "the slot dropped while the connector is stopped, which is then resumed", drop),
  whileStopped(
    "slot-made-again",
    "the slot dropped and made again while the connector is stopped, which is then resumed: a gap that nobody sees",
    async (place) => {
      await drop(place);
      await sleep(GAP_MS);
      await onSlot(place, `select pg_create_logical_replication_slot('${place.slotName}', 'pgoutput')`);
    },
  ),
  whileStopped(
    "slot-advanced",
    "the slot moved on by hand while the connector is stopped, which is then resumed: a gap that nobody sees",
    async (place) => {
      await sleep(GAP_MS);
      await onSlot(place, `select pg_replication_slot_advance('${place.slotName}', pg_current_wal_lsn())`);
    },
  ),
  whileStopped(
    "offsets-forgotten",
    "its offsets deleted while the connector is stopped, as when their topic is lost; resumed after some seconds",
    async (place) => tellConnect(place, "DELETE", "/offsets", await place.connectToken()),
  ),
  offsetsTopic,
  outgrown,
  idle,
];

/** Changes that no reader can get any more: the stack has to say so, and to be whole again once all rows were read again. */
import { setTimeout as sleep } from "node:timers/promises";
import { ask, stop } from "./connector-faults";
import type { Fault, Place } from "./fault";
import { sql } from "./fault-sql";

/** So much is written meanwhile. */
const GAP_MS = 3000;
/** To move a slot on takes Postgres as long as to read the log up to there. */
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
        await ask(place, "PUT", "/resume");
      },
    }),
  };
}

const onSlot = ({ database }: Place, statement: string): Promise<void> =>
  sql({ database: { ...database, query_timeout: SLOT_MS } }, statement);

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
    async (place) => ask(place, "DELETE", "/offsets", await place.connectToken()),
  ),
];

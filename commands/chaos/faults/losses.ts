/** Changes that no reader can get any more: the stack has to say so, and to be whole again once all rows were read again. */
import { setTimeout as sleep } from "node:timers/promises";
import { withDatabase } from "../../../components/connector/session";
import { ask, stop } from "./connector";
import type { Fault, Place } from "./fault";

/** So much is written meanwhile. */
const GAP_MS = 3000;

async function sql(place: Place, ...statements: string[]): Promise<void> {
  await withDatabase({ ...place.database, query_timeout: 60_000 }, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

const dropSql = ({ slotName }: Place): string => `select pg_drop_replication_slot('${slotName}')`;

const dropped: Fault = {
  name: "slot-dropped",
  what: "the slot dropped while the connector is stopped, which is then resumed",
  hands: "read again",
  plan: () => ({
    target: "",
    inject: async (place) => {
      await stop(place);
      await sql(place, dropSql(place));
      await sleep(GAP_MS);
      await ask(place, "PUT", "/resume");
    },
  }),
};

const madeAgain: Fault = {
  name: "slot-made-again",
  what: "the slot dropped and made again while the connector is stopped, which is then resumed: a gap that nobody sees",
  hands: "read again",
  plan: () => ({
    target: "",
    inject: async (place) => {
      await stop(place);
      await sql(place, dropSql(place));
      await sleep(GAP_MS);
      await sql(place, `select pg_create_logical_replication_slot('${place.slotName}', 'pgoutput')`);
      await sleep(GAP_MS);
      await ask(place, "PUT", "/resume");
    },
  }),
};

const advanced: Fault = {
  name: "slot-advanced",
  what: "the slot moved on by hand while the connector is stopped, which is then resumed: a gap that nobody sees",
  hands: "read again",
  plan: () => ({
    target: "",
    inject: async (place) => {
      await stop(place);
      await sleep(GAP_MS);
      await sql(place, `select pg_replication_slot_advance('${place.slotName}', pg_current_wal_lsn())`);
      await sleep(GAP_MS);
      await ask(place, "PUT", "/resume");
    },
  }),
};

const offsetsForgotten: Fault = {
  name: "offsets-forgotten",
  what: "its offsets deleted while the connector is stopped, as when their topic is lost; resumed after some seconds",
  hands: "read again",
  plan: () => ({
    target: "",
    inject: async (place) => {
      await stop(place);
      await ask(place, "DELETE", "/offsets", await place.connectToken());
      await sleep(GAP_MS);
      await ask(place, "PUT", "/resume");
    },
  }),
};

export const LOSSES: Fault[] = [dropped, madeAgain, advanced, offsetsForgotten];

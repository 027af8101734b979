/** Faults of the replication slot. */
import { withDatabase } from "../../../components/connector/slot/connector-session";
import type { Fault } from "./fault";

export const backendEnded: Fault = {
  name: "slot-backend-ended",
  what: "`pg_terminate_backend` of the session that reads the slot",
  hands: "none",
  plan: () => ({
    target: "",
    inject: async ({ database, slotName }) => {
      const sql =
        "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active_pid is not null";
      const { rowCount } = await withDatabase(database, (client) => client.query(sql, [slotName]));
      if (rowCount === 0) throw new Error(`nobody reads slot ${slotName}`);
    },
  }),
};

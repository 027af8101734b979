import type { Client } from "pg";
import { poll } from "../../../components/poll";

/** The id of the database's process that serves the connector, once it differs from the earlier one. */
export function newReader(client: Client, before: number | undefined): Promise<number> {
  return poll<number>(
    async () => {
      const { rows } = await client.query<{ pid: number | null }>("select active_pid as pid from pg_replication_slots");
      const pid = rows[0]?.pid;
      return pid && pid !== before ? { done: true, value: pid } : { done: false, seen: `process ${pid}` };
    },
    { what: "a new reader of the slot", deadlineMs: 60_000, intervalMs: 50 },
  );
}

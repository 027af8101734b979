import type { Client } from "pg";
import { poll } from "../../poll";
import { session } from "./capture-session";
import type { CaptureInputs } from "../capture-types";

/**
 * Ends the slot's reader and drops the slot, as the connector's role. An administrator who is no superuser may do neither. Where the
 * role cannot log in, the administrator tries.
 */
export async function releaseSlot(asRole: CaptureInputs, asAdmin: CaptureInputs): Promise<void> {
  await session(asRole, 5000, (client) => dropSlot(client, asRole.slotName)).catch(() =>
    session(asAdmin, 5000, (client) => dropSlot(client, asAdmin.slotName)),
  );
}

/** Ends the slot's reader, if there still is one, and drops the slot. */
async function dropSlot(client: Client, slot: string): Promise<void> {
  await poll(
    async () => {
      const { rows } = await client.query("SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name = $1", [
        slot,
      ]);
      if (rows.length === 0) return { done: true, value: undefined };
      if (rows[0].pid !== null) {
        await client.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
        return { done: false, seen: `slot ${slot} is read by process ${rows[0].pid}` };
      }
      const drop =
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active";
      await client.query(drop, [slot]);
      return { done: false, seen: `slot ${slot} still there` };
    },
    {
      what: `replication slot ${slot} to go`,
      deadlineMs: 20_000,
      intervalMs: 200,
      remedy: "Stop the connector that reads from it.",
    },
  );
}

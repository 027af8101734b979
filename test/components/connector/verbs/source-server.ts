import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { NAME, provider } from "../setting";

/** A Postgres with the table and the publication of `sourceConfig`. Nothing streams from its slots. */
export let server: EmbeddedPostgres;

/** Makes the server for all tests of the file. Each test begins with these slots. */
export function useSourceServer(...slots: string[]): void {
  beforeAll(async () => {
    server = await EmbeddedPostgres.start();
    await server.query("CREATE TABLE public.t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE public.t");
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
    for (const slot of slots) await makeSlot(slot);
  });
}

export function makeSlot(slot: string) {
  return server.query(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
}

export async function slots(): Promise<string[]> {
  const rows = await server.query("SELECT slot_name FROM pg_replication_slots");
  return rows.map((row) => (row as { slot_name: string }).slot_name);
}

/** Offsets of a connector that has read as far as slot `s` tells. */
export async function offsetsOfSlot() {
  const [row] = await server.query(
    "SELECT confirmed_flush_lsn - '0/0' AS at FROM pg_replication_slots WHERE slot_name = 's'",
  );
  return [{ partition: { server: "p" }, offset: { lsn: Number((row as { at: string }).at) } }];
}

/** What an apply of the inputs has left in the state. */
export function applied(inputs: ConnectorInputs): ConnectorOutputs {
  return { ...inputs, tasks: [], topics: [], pluginVersion: "", pendingSnapshots: [] };
}

/** What an update ends with. Nothing streams from the slot, so that one which is not refused ends with an error about that. */
export function updated(olds: ConnectorOutputs, news: ConnectorInputs): Promise<string> {
  return provider.update(NAME, olds, news).then(
    () => "",
    ({ message }: Error) => message,
  );
}

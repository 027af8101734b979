import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { withDatabase } from "../../../../components/connector/slot/connector-session";
import { slotState } from "../../../../components/connector/slot/source";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";
import { POSTGRES } from "../../../support/fakes/fake-connect";
import { connect, inputs, NAME, provider, useFakeConnect } from "../setting";

useFakeConnect();

/** Makes connectors for which a slot of the name exists. Nothing streams from it here, so each create ends with an error about that. */
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE public.t");
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
});

const slot = () => withDatabase(server.at(), (client) => slotState((work) => work(client), "s"));
const create = (mode: string) =>
  provider.create(
    inputs({
      config: {
        ...{ "connector.class": POSTGRES, "snapshot.mode": mode, "topic.prefix": "p", "plugin.name": "pgoutput" },
        ...{ "slot.name": "s", "publication.name": "p", "table.include.list": "public\\.t" },
      },
      database: server.at(),
      readyTimeoutSeconds: 2,
    }),
  );

test.each(["initial", "when_needed", "always"])(
  "a slot that no offset goes on from is dropped before a snapshot (%s), whose stream would begin before it",
  async (mode) => {
    await expect(create(mode)).rejects.toThrow();
    expect((await slot()).exists).toBe(false);
    expect(connect.requests).toContain(`DELETE /connectors/${NAME}/offsets`);
  },
);

test("where no rows are read it goes on with what the slot holds", async () => {
  await expect(create("no_data")).rejects.toThrow();
  expect((await slot()).exists).toBe(true);
});

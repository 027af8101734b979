import { describe, expect, test } from "@jest/globals";
import { withDatabase } from "../../../../components/connector/slot/connector-session";
import { postedConfig } from "../../../../components/connector/rest/access";
import { slotState } from "../../../../components/connector/slot/source";
import type { ConnectorInputs, ConnectorOutputs } from "../../../../components/connector/connector-types";
import { trouble } from "../../../support/fakes/fake-connectors";
import { connect, inputs, live, NAME, provider, sourceConfig, useFakeConnect } from "../setting";
import { applied, offsetsOfSlot, server, useSourceServer } from "./source-server";

useFakeConnect();
useSourceServer("s");

const slot = () => withDatabase(server.at(), (client) => slotState((work) => work(client), "s"));
const declared = (mode: string, change: Partial<ConnectorInputs> = {}): ConnectorInputs =>
  inputs({
    config: sourceConfig(mode),
    database: server.at(),
    readyTimeoutSeconds: 2,
    ...change,
  });
/** Nothing streams from the slot, so each create of a connector that runs ends with an error about that. */
const create = (mode: string, change: Partial<ConnectorInputs> = {}) => provider.create(declared(mode, change));

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

describe("an apply that has all rows read again, and fails before it has reset the offsets", () => {
  const missed =
    "topic p.public.t was deleted in Kafka: its records are gone, and rows written before 0/1770 are in no topic";
  const olds = () => applied(declared("when_needed"));

  test("has dropped the slot by then: beside the offsets that tells the next one of the loss", async () => {
    connect.add(NAME, postedConfig(declared("when_needed")));
    const kept = await offsetsOfSlot();
    live()!.offsets = kept;
    connect.mutate = (reply, request) =>
      request === `DELETE /connectors/${NAME}/offsets` ? { status: 400, body: "not now" } : reply;
    await expect(provider.update(NAME, olds(), declared("when_needed", { missed }))).rejects.toThrow("not now");
    expect(await slot()).toMatchObject({ exists: false });
    connect.mutate = undefined;
    // The fake has reset them all the same.
    live()!.offsets = kept;
    connect.requests.length = 0;
    // The sentence about the loss is gone by now, as where the consumer is away.
    await expect(provider.update(NAME, olds(), declared("when_needed"))).rejects.toThrow();
    expect(connect.writes).toContain(`DELETE /connectors/${NAME}/offsets`);
  });
});

describe("a loss that the inputs tell of", () => {
  const missed = "topic p.public.t was deleted in Kafka: its records are gone";
  const deleted = async (mode: string): Promise<unknown> => {
    connect.offsets = await offsetsOfSlot();
    return create(mode, { missed }).catch((error: Error & { properties?: ConnectorOutputs }) => error);
  };

  test("counts where the connector was deleted, too: with when_needed all rows are read again", async () => {
    await deleted("when_needed");
    expect((await slot()).exists).toBe(false);
    expect(connect.requests).toContain(`DELETE /connectors/${NAME}/offsets`);
  });

  test("is refused there by another mode, and stays to be repaired", async () => {
    expect(await deleted("initial")).toMatchObject({
      message: expect.stringContaining(
        "Topic p.public.t was deleted in Kafka: its records are gone. Going on would leave",
      ),
      properties: { missed: undefined },
    });
    expect((await slot()).exists).toBe(true);
  });

  test("is refused in a take-over as well", async () => {
    connect.add(NAME, postedConfig(declared("initial")));
    live()!.offsets = await offsetsOfSlot();
    await expect(create("initial", { missed })).rejects.toThrow("Topic p.public.t was deleted in Kafka");
    expect(connect.writes).toEqual([]);
  });

  test("is not repaired by an apply that leaves the connector paused", async () => {
    connect.offsets = await offsetsOfSlot();
    const { outs } = await create("when_needed", { missed, state: "PAUSED" });
    expect(outs).toMatchObject({ missed: undefined });
  });
});

describe("what cannot be asked", () => {
  test("is asked again: a worker that has not heard of a new connector yet says that there is none", async () => {
    let times = 3;
    connect.mutate = (reply, request) =>
      request === `GET /connectors/${NAME}/offsets` && times-- > 0
        ? trouble(404, `Connector ${NAME} not found`)
        : reply;
    await expect(create("when_needed")).rejects.toThrow();
    expect(times).toBeLessThan(0);
    expect((await slot()).exists).toBe(false);
  });

  test("and has no answer by the deadline ends the apply, by its name, with the connector stopped", async () => {
    connect.mutate = (reply, request) =>
      request === `GET /connectors/${NAME}/offsets` ? trouble(404, `Connector ${NAME} not found`) : reply;
    await expect(create("when_needed")).rejects.toThrow(
      /Waited .* for word of whether changes are lost to connector customer-cdc. Last seen: .*offsets answered 404/,
    );
    expect(live()).toMatchObject({ state: "STOPPED" });
    expect((await slot()).exists).toBe(true);
  });

  test("a database that does not answer ends it before anything is made, where the connector is to stream", async () => {
    const database = { ...server.at(), port: 1 };
    await expect(create("when_needed", { database })).rejects.toThrow(
      /for the database to tell of replication slot s. Last seen: .*ECONNREFUSED/,
    );
    expect(connect.writes).toEqual([]);
  });
});

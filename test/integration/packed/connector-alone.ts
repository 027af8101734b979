import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { FakeConnect } from "../../support/fakes/fake-connect";
import type { PackedProgram } from "../../support/program/packed-program";

/** A program with a mistake that the compiler has to find. */
const WRONG = `import { DebeziumConnector } from "cdc/connector";
// @ts-expect-error It is called connectUrl.
new DebeziumConnector("orders", { url: "http://127.0.0.1:8083", connectorName: "orders", config: {} });
`;

/** A program in another folder that has the package from a tarball, and makes only a connector. */
export function connectorAlone(program: () => PackedProgram): void {
  let connect: FakeConnect;

  beforeAll(async () => {
    connect = await FakeConnect.start();
    connect.knowsAll = true;
    // Offsets of a connector that streams: `up` waits for them when it cannot reach the database.
    connect.offsets = [{ partition: { server: "shop" }, offset: { lsn: 1 } }];
    program().write("wrong.ts", WRONG);
    await program().pulumi("config", "set", "connectUrl", connect.url);
  });
  afterAll(() => connect.vanish());

  test("has types for every argument", () => program().compiles(), 60_000);

  test("takes over the connector of that name, shows nothing in a preview after it, and takes it away with a destroy", async () => {
    connect.add("orders", {
      "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
      "topic.prefix": "made-by-hand",
    });
    const shown = await program().pulumi("preview");
    expect(shown).toContain(`Connector orders exists in Kafka Connect at ${connect.url}: an up takes it over.`);
    expect(shown).toContain('topic.prefix: "made-by-hand" in Kafka Connect, "shop" declared');
    expect(connect.writes).toEqual([]);
    expect(await program().up()).toMatch(/orders created/);
    expect(connect.connectors.get("orders")).toMatchObject({
      state: "RUNNING",
      config: { "topic.prefix": "shop", "slot.name": "orders" },
    });
    expect(connect.requests).not.toContain("DELETE /connectors/orders");
    await program().pulumi("preview", "--expect-no-changes");
    await program().pulumi("destroy", "--yes", "--skip-preview");
    expect([...connect.connectors.keys()]).toEqual([]);
  }, 90_000);
}

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { whyTaken } from "../../../../components/existing/connect/taken-name";
import { FakeConnect, POSTGRES } from "../../../support/fakes/fake-connect";

let connect: FakeConnect;
beforeEach(async () => {
  connect = await FakeConnect.start();
});
afterEach(() => connect.vanish());

const SETTINGS = {
  ...{
    prefix: "cdc-dev",
    connectorName: "customer-cdc",
    topicPrefix: "shop",
    captureName: "debezium",
    database: "shop",
  },
};
/** As this stack's connector has them. */
const OURS = {
  ...{ "connector.class": POSTGRES, "topic.prefix": "shop", "slot.name": "cdc_dev_customer_cdc" },
  ...{ "publication.name": "debezium", "database.dbname": "shop" },
};
const asked = (known?: string, installed?: boolean) =>
  whyTaken({ url: connect.url }, SETTINGS, known === undefined ? undefined : { connectorName: known }, installed);

test("a free name, and a connector of this stack's own, as after an `up` that was killed", async () => {
  expect(await asked()).toBeUndefined();
  connect.add("customer-cdc", OURS);
  expect(await asked()).toBeUndefined();
});

test("another stack's connector of that name is left alone, with the ways out", async () => {
  connect.add("customer-cdc", { ...OURS, "slot.name": "cdc_ci_customer_cdc" });
  expect(await asked()).toBe(
    `Kafka Connect at ${connect.url} (cdc:connectUrl) has another connector customer-cdc already (its slot.name is cdc_ci_customer_cdc, not ` +
      "cdc_dev_customer_cdc), of which this stack's state knows nothing: its config and offsets would be overwritten. Take another " +
      `cdc:connectorName, or delete that one if nobody needs it: curl -X DELETE ${connect.url}/connectors/customer-cdc. ` +
      "If it is this stack's own, whose state was lost: `npm start -- --take-over`.",
  );
  expect(await asked("another")).not.toContain("--take-over");
  expect(await asked(undefined, true)).toContain("whose state was lost: `CDC_TAKE_OVER=cdc-dev pulumi up`.");
  expect(connect.writes).toEqual([]);
});

test("of a connector that the state knows, its own resource tells", async () => {
  connect.add("customer-cdc", { ...OURS, "topic.prefix": "changed" });
  expect(await asked("customer-cdc")).toBeUndefined();
});

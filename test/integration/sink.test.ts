import { afterAll, beforeAll, describe } from "@jest/globals";
import { Rig } from "./consumer/rig";
import { equal } from "./sink/equal";
import { events } from "./sink/events";

/** The sink example writes into a second database of the same server. */
const rig = new Rig("sink", {
  initFolder: "test/integration/sink/database",
  handler: "examples/sink/handler.ts",
  tables: "public.*",
});

beforeAll(async () => {
  await rig.create();
  const url = "postgres://cdctest:cdctest@postgres:5432/warehouse";
  await rig.stack.pulumi("config", "set", "--secret", "--path", "handlerEnv.SINK_URL", url);
  await rig.up();
}, 900_000);
afterAll(() => rig.remove(), 120_000);

// This comes first, while the connector that made the slot still runs.
describe("ids of events", () => events(rig));
describe("the sink example", () => equal(rig));

import { afterAll, beforeAll, describe } from "@jest/globals";
import { asPublished } from "./consumer/as-published";
import { batches } from "./consumer/batches";
import { clients } from "./consumer/clients";
import { converter } from "./consumer/converter";
import { everyType } from "./consumer/every-type";
import { crash } from "./consumer/crash";
import { deadLetters } from "./consumer/dead-letters";
import { page } from "./consumer/page";
import { Rig } from "./consumer/rig";
import { several } from "./consumer/several";
import { rows } from "./consumer/rows";
import { slow } from "./consumer/slow";
import { stop } from "./consumer/stop";
import { types } from "./consumer/types";
import { untold } from "./consumer/untold";
import { watch } from "./consumer/watch";

const FOLDER = "test/integration/consumer";

/** One stack for all of these tests: to bring it up takes longer than any of them. */
const rig = new Rig("consumer", {
  initFolder: `${FOLDER}/database`,
  handler: `${FOLDER}/handler.ts`,
  tables: "public.*",
});

beforeAll(() => rig.start(), 900_000);
afterAll(() => rig.remove(), 120_000);

// This comes first: its row of the snapshot is the oldest change, and the megabytes of "values" would push it out of the consumer's memory.
describe("the types of the catalogue", () => everyType(rig));
describe("what the log does not tell", () => untold(rig));
describe("kafkajs as it is published", () => asPublished(rig));
describe("the page", () => page(rig));
describe("values", () => types(rig));
describe("the JSON converter", () => converter(rig));
describe("dead letters", () => deadLetters(rig));
describe("npm run watch", () => watch(rig));
describe("batches", () => batches(rig));
describe("clients of the feed", () => clients(rig));
describe("/rows", () => rows(rig));
describe("a slow handler", () => slow(rig));
describe("several members", () => several(rig));
describe("a stop", () => stop(rig));
describe("a crash", () => crash(rig));

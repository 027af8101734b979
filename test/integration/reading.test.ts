import { afterAll, beforeAll, describe } from "@jest/globals";
import { Rig } from "./consumer/rig";
import { compression } from "./reading/compression";
import { routed } from "./reading/routed";
import { deletedTopic, troubles } from "./reading/troubles";
import { well } from "./reading/well";

/** Checks how the consumer reads topics and records that others shape: by the connector's settings, or in Kafka itself. */
const rig = new Rig("reading", { initFolder: "test/integration/reading/database", tables: "public.*" });

beforeAll(() => rig.start(), 900_000);
afterAll(() => rig.remove(), 120_000);

describe("what is well", () => well(rig));
describe("compression", () => compression(rig));
describe("troubles in Kafka", () => troubles(rig));
describe("transforms", () => routed(rig));
describe("a topic that is gone", () => deletedTopic(rig));

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { droppedTables } from "../../../components/costs/costs-look";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
});
afterAll(() => server.stop());

test("captured tables of a schema that leave the capture: dropped ones, and those that are a partition or unlogged now", async () => {
  await server.query(`
    create table orders (id int primary key); create table sold (id int primary key);
    create table whole (id int primary key) partition by range (id); create table cache (id int primary key)`);
  const captured = ["orders", "sold", "whole", "cache", "gone"].map((table) => `public.${table}`);
  const applied = {
    ...{ credentials: [], brokers: 1, volumes: [], networks: [], topics: [], keepsTopics: false },
    ...{ containers: new Map(), brokerVolumes: new Map() },
    connector: { connectorName: "c", topicPrefix: "shop", slotName: "s", database: server.at() },
    capture: { captureName: "debezium", captured },
  };
  const leaving = (tables: string[]) => droppedTables(applied, { tables, topicPrefix: "shop" });
  expect(await leaving(["public.*"])).toEqual(["public.gone"]);
  await server.query(`
    alter table whole attach partition sold for values from (0) to (10);
    drop table cache; create unlogged table cache (id int primary key)`);
  expect(await leaving(["public.*"])).toEqual(["public.sold", "public.cache", "public.gone"]);
  // An entry of its own stays declared, and is refused.
  expect(await leaving(["public.sold"])).toEqual([]);
});

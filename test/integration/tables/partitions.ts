import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Client } from "pg";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";
import type { TestStack } from "../../support/stack";
import { verified } from "../../support/stack/verify";
import { toldBy } from "./told";

const UP_MS = 300_000;

/** Changes of rows that Postgres writes into no log: the topic gets them with the next `up`, and until then the stack says so. */
export function partitions(stack: TestStack, client: () => Client, outputs: () => StackOutputs): void {
  const compared = async (): Promise<string[]> =>
    (await verified(stack, "--table", "parts.metrics,parts.plain"))
      .map(({ table, ok }) => `${table} ${ok ? "OK" : "differs"}`)
      .sort();
  const equal = ["parts.metrics OK", "parts.plain OK"];

  beforeAll(async () => {
    await client().query(`
      create schema parts;
      create table parts.plain (id int primary key);
      create table parts.metrics (id int primary key, value int) partition by range (id);
      create table parts.metrics_1 partition of parts.metrics for values from (0) to (10);
      create table parts.metrics_2 partition of parts.metrics for values from (10) to (20);
      create table parts.metrics_3 partition of parts.metrics for values from (20) to (30);
      insert into parts.plain values (1), (2);
      insert into parts.metrics select n, n from generate_series(1, 29) n`);
    await stack.pulumi("config", "set", "tables", "public.customers,parts.*");
    await stack.up();
    await toldBy(outputs(), undefined);
  }, UP_MS);

  afterAll(async () => {
    await stack.pulumi("config", "set", "tables", "public.customers");
  });

  test(
    "a partition that is dropped, one that is truncated and a column with a default: told within 15 s, and read by the next up",
    async () => {
      // That is in the log, so nothing is to be told of it.
      await client().query(
        "truncate parts.metrics; insert into parts.metrics select n, n from generate_series(1, 29) n",
      );
      await client().query("drop table parts.metrics_3");
      await toldBy(outputs(), /^partition parts\.metrics_3 was detached from parts\.metrics, or dropped: [^;]*$/);
      await client().query("alter table parts.plain add word text default 'x'");
      await toldBy(outputs(), /metrics_3 was detached .*; ALTER TABLE changed a column of parts\.plain/);
      expect(await compared()).toEqual(["parts.metrics differs", "parts.plain differs"]);
      expect(await stack.up()).toContain("Existing rows read: parts.metrics (19), parts.plain (2).");
      await toldBy(outputs(), undefined);
      expect(await compared()).toEqual(equal);
      await client().query("truncate parts.metrics_2");
      await toldBy(outputs(), /^partition parts\.metrics_2 of parts\.metrics was truncated by its own name/);
      expect(await stack.up()).toContain("Existing rows read: parts.metrics (9).");
      await toldBy(outputs(), undefined);
      expect(await compared()).toEqual(equal);
    },
    UP_MS,
  );
}

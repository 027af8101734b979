import { expect, test } from "@jest/globals";
import axios from "axios";
import { Ledger } from "../../support/stack/feed";
import { poll } from "../../../components/poll";
import type { HealthJson } from "../../../consumer/api";
import { POSTGRES_MAJOR } from "../../support/stack";
import type { Patient } from "./doctor";

const NAME = "customer-cdc";
const UP_MS = 180_000;

/** Checks that one plain `up` mends what somebody did by hand. */
export function repaired(patient: () => Patient): void {
  const put = async (change: Record<string, string>): Promise<void> => {
    await patient().connect.put(`/connectors/${NAME}/config`, { ...(await patient().connect.config(NAME)), ...change });
  };

  test.each<[string, () => Promise<void>, string, string]>([
    [
      "paused",
      () => patient().connect.put(`/connectors/${NAME}/pause`),
      "PAUSED PAUSED",
      "state: PAUSED in Kafka Connect, RUNNING declared",
    ],
    [
      "stopped",
      () => patient().connect.put(`/connectors/${NAME}/stop`),
      "STOPPED",
      "state: STOPPED in Kafka Connect, RUNNING declared",
    ],
    [
      "changed",
      () => put({ "max.batch.size": "1" }),
      "RUNNING RUNNING",
      'max.batch.size: "1" in Kafka Connect, "512" declared',
    ],
    [
      "changed so that its task failed",
      () => put({ "publication.name": "nowhere" }),
      "RUNNING FAILED",
      'publication.name: "nowhere" in Kafka Connect, "debezium" declared; task 0 FAILED:',
    ],
    [
      "left with a failed task",
      async () => {
        await patient().client.query("alter publication debezium rename to elsewhere");
        await patient().connect.post(`/connectors/${NAME}/restart?includeTasks=true`);
        await patient().connect.until(NAME, "RUNNING FAILED");
        await patient().client.query("alter publication elsewhere rename to debezium");
      },
      "RUNNING FAILED",
      "task 0 FAILED:",
    ],
    ["deleted", () => patient().connect.delete(`/connectors/${NAME}`), "none", "deleted in Kafka Connect"],
  ])(
    "%s by hand",
    async (_what, harm, states, said) => {
      const ledger = await Ledger.open(() => patient().client, patient().feed);
      await ledger.write(3);
      await ledger.reported();
      await harm();
      await patient().connect.until(NAME, states);
      await ledger.write(3);
      expect(await patient().stack.up()).toContain(
        `Connector ${NAME} is not as it was left; an up repairs it: ${said}`,
      );
      await ledger.write(3);
      expect(await ledger.reported()).toEqual(ledger.written);
      await patient().connect.until(NAME, "RUNNING RUNNING");
    },
    UP_MS,
  );

  // From 18 on, a reader skips changes for which the publication is missing, and nothing of the connector's shows it.
  if (POSTGRES_MAJOR !== "17")
    test(
      "publication dropped by hand: its reader goes on without a word, and up has every row read again",
      async () => {
        await patient().client.query("drop publication debezium");
        await patient().client.query("insert into public.customers (first_name) values ('unseen')");
        const after = await patient().feed.newestId();
        expect(await patient().stack.up()).toContain("publication debezium is missing");
        const { rows } = await patient().client.query("select * from public.customers order by id");
        const found = await patient().feed.arrived(({ after }) => after?.["id"] === rows.at(-1).id, after);
        expect(found.filter(({ after }) => after !== null).map(({ after }) => after)).toEqual(rows);
      },
      UP_MS,
    );
  else
    test(
      "publication dropped by hand and made again, as pg_restore --clean does: it is told, and up says what has every row read again",
      async () => {
        await patient().client.query("drop publication debezium");
        // No reader can get past this change: when it was written, the publication did not exist.
        await patient().client.query("insert into public.customers (first_name) values ('unseen')");
        await patient().client.query("create publication debezium for table public.customers, debezium.signals");
        const words =
          /Postgres cannot decode the log of replication slot \w+ \(publication "debezium" does not exist: it was missing while changes were written\): the [\d,]+ bytes of log since \S+, which was read last, are lost to the topics/;
        await poll<void>(
          async () => {
            const { feedUrl } = await patient().stack.outputs();
            const { losses = [] } = (await axios.get<HealthJson>(`${feedUrl}/healthz`, { proxy: false })).data;
            return words.test(losses.join()) ? { done: true, value: undefined } : { done: false, seen: losses.join() };
          },
          { what: "the loss to be told", deadlineMs: 30_000, intervalMs: 200 },
        );
        await expect(patient().stack.up()).rejects.toThrow(words);
        const after = await patient().feed.newestId();
        await patient().stack.pulumi("config", "set", "snapshotMode", "when_needed");
        await patient().stack.up();
        const { rows } = await patient().client.query("select * from public.customers order by id");
        // A snapshot has no record of rows that were deleted meanwhile.
        const found = await patient().feed.arrived(rows.length + 1, after);
        expect(found.map(({ op, after: row }) => [op, row])).toEqual([
          ["truncate", null],
          ...rows.map((row) => ["snapshot", row]),
        ]);
      },
      3 * UP_MS,
    );
}

import { beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { Admin } from "kafkajs";

/** Members of each group, as the broker tells them one look after the other; the last look's stay. */
let looks: Record<string, string[]>[] = [{}];
const asked = jest.fn();
const describeGroups = jest.fn(async (names: string[]) => {
  const now = looks.length > 1 ? looks.shift()! : looks[0]!;
  return {
    groups: names.map((groupId) => ({
      groupId,
      members: (now[groupId] ?? []).map((clientId) => ({ clientId, clientHost: "/10.0.0.7" })),
    })),
  };
});
const admin = { describeGroups } as unknown as Pick<Admin, "describeGroups">;
jest.mock("../../../../components/preflight/broker-look", () => ({
  withBroker: (kafka: unknown, _ms: number, work: (admin: object) => unknown) => {
    asked(kafka);
    return work({ describeGroups });
  },
}));
import { groupsToBeFree, lingering, refuseGroupsInUse } from "../../../../components/existing/kafka/groups-in-use";

const existingKafka = { servers: "k:9093", internalServers: "k:9093", security: { protocol: "PLAINTEXT" as const } };
const settings = { existingKafka, existingConnect: undefined, prefix: "cdc-dev" };
const BOTH = ["cdc-dev-consumer", "cdc-dev-connect"];
const state = (names: string[] = [], kafkaClusters?: string[]) => ({
  containers: new Map(names.map((name) => [name, "1a"])),
  ...(kafkaClusters && { kafkaClusters }),
});

beforeEach(() => {
  looks = [{}];
  asked.mockClear();
  jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
});

test("a state that has none of the stack's programs finds its groups empty, or they are another's", () => {
  expect(groupsToBeFree(settings, state(), "A", true, [])).toEqual(BOTH);
  expect(groupsToBeFree(settings, state(), "A", false, [])).toEqual(["cdc-dev-connect"]);
  const existingConnect = { url: "http://c:8083", security: {} } as NonNullable<
    Parameters<typeof groupsToBeFree>[0]["existingConnect"]
  >;
  expect(groupsToBeFree({ ...settings, existingConnect }, state(), "A", true, [])).toEqual(["cdc-dev-consumer"]);
});

test("members of a stack that is up are its own, also the second worker's, and after a killed run the engine tells", () => {
  const names = ["cdc-dev-connect-2", "cdc-dev-consumer"];
  expect(groupsToBeFree(settings, state(names, ["A"]), "A", true, [])).toEqual([]);
  expect(groupsToBeFree(settings, state(names), "A", true, [])).toEqual([]);
  const there = names.map((name) => ({ name, stack: "cdc-dev" }));
  expect(groupsToBeFree(settings, state(), "A", true, there)).toEqual([]);
  const others = names.map((name) => ({ name: `x-${name}`, stack: "x-cdc-dev" }));
  expect(groupsToBeFree(settings, state(), "A", true, others)).toEqual(BOTH);
});

test("a stack that goes to another Kafka is in none of its groups yet", () => {
  expect(groupsToBeFree(settings, state(BOTH, ["own"]), "A", true, [])).toEqual(BOTH);
  expect(groupsToBeFree(settings, state(BOTH, ["B"]), "A", true, [])).toEqual(BOTH);
  expect(groupsToBeFree(settings, state(BOTH, ["B", "A"]), "A", true, [])).toEqual([]);
});

test("a run whose groups others are in is refused, with who they are and the ways out; a take-over is not", async () => {
  looks = [{ "cdc-dev-connect": ["connect-10.1.1.2:8083"], "cdc-dev-consumer": ["cdc-consumer"] }];
  await expect(lingering(admin, BOTH, 1)).resolves.toEqual([
    { group: "cdc-dev-consumer", clientId: "cdc-consumer", host: "10.0.0.7" },
    { group: "cdc-dev-connect", clientId: "connect-10.1.1.2:8083", host: "10.0.0.7" },
  ]);
  jest.useFakeTimers({ advanceTimers: 1000 });
  const refused = await refuseGroupsInUse({ servers: "k:9093" }, settings, BOTH, {}).catch((error: Error) => error);
  jest.useRealTimers();
  expect(String(refused)).toContain(
    "In Kafka at k:9093 (cdc:bootstrapServers) others are in the groups of the stack cdc-dev: cdc-consumer at 10.0.0.7 in cdc-dev-consumer",
  );
  expect(String(refused)).toContain("`pulumi stack init NAME`");
  expect(String(refused)).toContain("`npm start -- --take-over`");
  await refuseGroupsInUse({ servers: "k:9093" }, settings, BOTH, { CDC_TAKE_OVER: "cdc-dev" });
});

test("members that were killed are waited for until their sessions end", async () => {
  looks = [{ "cdc-dev-connect": ["killed"] }, { "cdc-dev-connect": ["killed"] }, {}];
  await expect(lingering(admin, BOTH, 5_000)).resolves.toEqual([]);
});

test("nothing is asked where no group has to be free, and a Kafka that does not tell is let through", async () => {
  await refuseGroupsInUse({ servers: "k:9093" }, settings, [], {});
  expect(asked).not.toHaveBeenCalled();
  describeGroups.mockRejectedValueOnce(new Error("The group coordinator is not available"));
  await refuseGroupsInUse({ servers: "k:9093" }, settings, BOTH, {});
});

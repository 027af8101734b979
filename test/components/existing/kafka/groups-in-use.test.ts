import { beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { Admin } from "kafkajs";

/** Members of each group, as the broker tells them one look after the other; the last look's stay. */
let looks: Record<string, string[]>[] = [{}];
/** How many looks from now on find the groups amid a rebalance. */
let unsettled = 0;
const asked = jest.fn();
const describeGroups = jest.fn(async (names: string[]) => {
  const now = looks.length > 1 ? looks.shift()! : looks[0]!;
  return {
    groups: names.map((groupId) => ({
      ...{ groupId, protocolType: groupId.endsWith("-connect") ? "connect" : "consumer" },
      state: now[groupId] === undefined ? "Empty" : unsettled-- > 0 ? "PreparingRebalance" : "Stable",
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
import { parseApplied } from "../../../../components/preflight/applied";
import { groupsToBeFree, refuseGroupsInUse } from "../../../../components/existing/kafka/groups-in-use";
import { lingering } from "../../../../components/existing/kafka/lingering";

const existingKafka = { servers: "k:9093", internalServers: "k:9093", security: { protocol: "PLAINTEXT" as const } };
const settings = { existingKafka, existingConnect: undefined, prefix: "cdc-dev" };
const BOTH = ["cdc-dev-consumer", "cdc-dev-connect"];
const state = (names: string[] = [], kafkaClusters?: string[], kafkaServers?: string[]) => ({
  containers: new Map(names.map((name) => [name, "1a"])),
  ...(kafkaClusters && { kafkaClusters }),
  ...(kafkaServers && { kafkaServers }),
});

const said = jest.spyOn(pulumi.log, "info");
beforeEach(() => {
  looks = [{}];
  unsettled = 0;
  asked.mockClear();
  said.mockReset().mockResolvedValue(undefined);
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

test("another cluster at the address of before has the stack's own containers as members", () => {
  expect(groupsToBeFree(settings, state(BOTH, ["B"], ["other:9093", "k:9093"]), "A", true, [])).toEqual([]);
  expect(groupsToBeFree(settings, state(BOTH, ["B"], ["other:9093"]), "A", true, [])).toEqual(BOTH);
  // Without containers the members at that address are another's.
  expect(groupsToBeFree(settings, state([], ["B"], ["k:9093"]), "A", true, [])).toEqual(BOTH);
});

test("the state's provider tells the addresses of a Kafka of somebody else's", () => {
  const urn = (id: string) =>
    `urn:pulumi:dev::cdc::cdc:index:Pipeline$pulumi:providers:kafka::cdc-topics-provider${id}`;
  const provider = (...servers: string[]) => ({
    type: "pulumi:providers:kafka",
    outputs: { bootstrapServers: JSON.stringify(servers) },
  });
  const found = { [urn("-A")]: provider("k:9093", "k2:9093"), [urn("")]: provider("127.0.0.1:29092") };
  expect(parseApplied(found).kafkaServers).toEqual(["k:9093", "k2:9093"]);
});

const refusal = (isKnown: boolean): Promise<string> =>
  refuseGroupsInUse({ servers: "k:9093" }, settings, BOTH, isKnown, {}, 0)
    .catch((error: Error) => error)
    .then(String);

test("a run whose groups others are in is refused, with who they are and the ways out; a take-over is not", async () => {
  looks = [{ "cdc-dev-connect": ["connect-10.1.1.2:8083"], "cdc-dev-consumer": ["cdc-dev-consumer"] }];
  await expect(lingering(admin, BOTH, 0)).resolves.toMatchObject([
    { group: "cdc-dev-consumer", clientId: "cdc-dev-consumer", host: "10.0.0.7" },
    { group: "cdc-dev-connect", clientId: "connect-10.1.1.2:8083", host: "10.0.0.7" },
  ]);
  const refused = await refusal(false);
  expect(refused).toContain(
    "In Kafka at k:9093 (cdc:bootstrapServers) others are in the groups of the stack cdc-dev: cdc-dev-consumer at 10.0.0.7 in cdc-dev-consumer",
  );
  expect(refused).toContain("`pulumi stack init NAME`");
  expect(refused).toContain("`npm start -- --take-over`");
  expect(refused).not.toContain("session.timeout.ms");
  await refuseGroupsInUse({ servers: "k:9093" }, settings, BOTH, false, { CDC_TAKE_OVER: "cdc-dev" });
});

test("a state that has the stack is told no way out that such a state refuses", async () => {
  looks = [{ "cdc-dev-connect": ["connect-10.1.1.2:8083"] }];
  const refused = await refusal(true);
  expect(refused).toContain("By this folder's state the stack has no program in them");
  expect(refused).toContain("run this with CDC_TAKE_OVER=cdc-dev in the environment");
  expect(refused).not.toContain("--take-over");
});

test("members that were killed are waited for until their sessions end", async () => {
  looks = [{ "cdc-dev-connect": ["killed"] }, { "cdc-dev-connect": ["killed"] }, {}];
  await expect(lingering(admin, BOTH, 0.5)).resolves.toEqual([]);
});

test("an image of one's own has its client's session, which is waited for and named", async () => {
  looks = [{ "cdc-dev-consumer": ["rdkafka"] }, { "cdc-dev-consumer": ["rdkafka"] }, {}];
  // The second look is after 0.5 s: those of the project's own are given 0.2 s then, and these 1 s.
  await expect(lingering(admin, BOTH, 0.02)).resolves.toEqual([]);
  expect(said.mock.calls.flat().join()).toContain("Waiting whether rdkafka at 10.0.0.7 in cdc-dev-consumer leaves");
  looks = [{ "cdc-dev-consumer": ["rdkafka"] }];
  const refused = await refusal(false);
  expect(said.mock.calls.flat().join()).toContain("for up to 48 s more");
  expect(refused).toContain("counts until its session ends: 45 s in most clients, or its session.timeout.ms");
});

test("members that were killed amid a rebalance count until it ends, and their session from then on", async () => {
  const killed = { "cdc-dev-connect": ["killed"] };
  looks = [killed, killed, killed, killed, {}];
  unsettled = 3;
  // Looks come each half second: settled ones are given 0.9 s, and unsettled ones 6.9.
  await expect(lingering(admin, BOTH, 0.1)).resolves.toEqual([]);
  looks = [killed, killed, killed, killed, {}];
  await expect(lingering(admin, BOTH, 0.1)).resolves.not.toEqual([]);
});

test("nothing is asked where no group has to be free, and a Kafka that does not tell is let through", async () => {
  await refuseGroupsInUse({ servers: "k:9093" }, settings, [], false, {});
  expect(asked).not.toHaveBeenCalled();
  describeGroups.mockRejectedValueOnce(new Error("The group coordinator is not available"));
  await refuseGroupsInUse({ servers: "k:9093" }, settings, BOTH, false, {});
});

import { expect, test } from "@jest/globals";
import { groupPrefixOf, groupsOf } from "../../../../components/existing/kafka/group-names";
import { tryGroups } from "../../../../components/existing/kafka/kafka-look";

const existingKafka = { servers: "k:9093", internalServers: "k:9093", security: { protocol: "PLAINTEXT" as const } };
const settings = { existingKafka, existingConnect: undefined, prefix: "shop-prod", brokers: 1 };

/** A Kafka that lets its client into some groups only. */
const letsInto = (allowed: (group: string) => boolean) => ({
  fetchOffsets: async ({ groupId }: { groupId: string }) => {
    if (allowed(groupId)) return [];
    throw Object.assign(new Error("Not authorized to access group"), { type: "GROUP_AUTHORIZATION_FAILED" });
  },
});
const tried = (allowed: (group: string) => boolean) =>
  tryGroups(letsInto(allowed), { servers: "k:9093" }, { groups: groupsOf(settings, true), groupPrefix: "shop-prod" });

test("in a Kafka that others use too, all groups of a stack begin with its name", () => {
  const groups = groupsOf(settings, true);
  expect(groups).toEqual(expect.arrayContaining(["shop-prod-consumer", "shop-prod-connect", "shop-prod-verify-0"]));
  expect(groups.filter((group) => !group.startsWith(`${groupPrefixOf(settings)}-`))).toEqual([]);
  expect(groupsOf(settings, false)).not.toContain("shop-prod-consumer");
});

test("the preflight passes with the right for that prefix, and names the groups that single rights leave out", async () => {
  await tried((group) => group.startsWith("shop-prod-"));
  const single = ["shop-prod-consumer", "shop-prod-connect"];
  await expect(tried((group) => single.includes(group))).rejects.toThrow(
    /not to the groups shop-prod-consumer-rows-0, shop-prod-connector-0, shop-prod-verify-0, shop-prod-look-0: it needs READ, DESCRIBE and DELETE on all groups whose names begin with shop-prod- /,
  );
});

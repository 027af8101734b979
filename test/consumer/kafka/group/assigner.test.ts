import { describe, expect, test } from "@jest/globals";
import { AssignerProtocol } from "kafkajs";
import fc from "fast-check";
import { type Claims, busyStay, share } from "../../../../consumer/kafka/group/assigner";

const parts = (...topics: string[]) => topics.map((topic) => ({ topic, partition: 0 }));
const member = (memberId: string, busy: string[] = [], late = false) => ({ memberId, busy: parts(...busy), late });
const shared = (...args: Parameters<typeof share>) => Object.fromEntries(share(...args));

describe("who reads what", () => {
  test("is shared evenly", () => {
    expect(shared(parts("a", "b", "c"), [member("n"), member("m")])).toEqual({
      m: { a: [0], c: [0] },
      n: { b: [0] },
    });
  });

  test("but who has a change at hand keeps its partition, and gets less of the rest", () => {
    expect(shared(parts("a", "b", "c", "d"), [member("m"), member("n", ["a", "b"])])).toEqual({
      m: { c: [0], d: [0] },
      n: { a: [0], b: [0] },
    });
  });

  test("one that was taken for gone has no say where another has the partition at hand", () => {
    expect(shared(parts("a", "b"), [member("m", ["a", "b"], true), member("n", ["a"])])).toEqual({
      m: { b: [0] },
      n: { a: [0] },
    });
  });

  test("a member that is too many gets none, and what is claimed but not there is not given", () => {
    expect(shared(parts("a"), [member("m", ["gone"]), member("n")])).toEqual({ m: { a: [0] }, n: {} });
  });

  test("who prefers a topic has it, unless another has a change of it at hand", () => {
    const preferring = { ...member("n"), prefers: "a" };
    expect(shared(parts("a", "b", "c"), [member("m"), preferring])).toEqual({ m: { b: [0], c: [0] }, n: { a: [0] } });
    expect(shared(parts("a", "b"), [member("m", ["a"]), preferring])).toEqual({ m: { a: [0] }, n: { b: [0] } });
  });

  test("every partition has one reader, whoever claims what", () => {
    const topic = fc.constantFrom("a", "b", "c", "d", "e");
    const claims = fc.record({ busy: fc.uniqueArray(topic), late: fc.boolean() });
    fc.assert(
      fc.property(fc.array(claims, { minLength: 1, maxLength: 4 }), (all) => {
        const members = all.map(({ busy, late }, i) => member(`m${i}`, busy, late));
        const given = [...share(parts("a", "b", "c", "d", "e"), members).values()].flatMap((one) => Object.keys(one));
        expect(given.sort()).toEqual(["a", "b", "c", "d", "e"]);
      }),
    );
  });
});

test("members tell what they have at hand in kafkajs's protocol, and get their partitions in it", async () => {
  const cluster = { findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }] };
  const assigner = (claims: Claims) => busyStay(() => claims)({ cluster, groupId: "g", logger: {} } as never);
  const busy = assigner({ busy: [{ topic: "é", partition: 1 }], late: false });
  const idle = assigner({ busy: [], late: false });
  const members = [busy, idle].map((one, i) => ({
    memberId: `m${i}`,
    memberMetadata: one.protocol({ topics: ["é"] }).metadata,
  }));
  expect(AssignerProtocol.MemberMetadata.decode(members[0]!.memberMetadata)).toMatchObject({ topics: ["é"] });
  const given = await idle.assign({ members, topics: ["é"] });
  expect(
    given.map(({ memberId, memberAssignment }) => [
      memberId,
      AssignerProtocol.MemberAssignment.decode(memberAssignment)!.assignment,
    ]),
  ).toEqual([
    ["m0", { é: [1] }],
    ["m1", { é: [0] }],
  ]);
});

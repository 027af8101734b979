import { beforeEach, describe, expect, test } from "@jest/globals";
import { Membership } from "../../../../consumer/kafka/group/membership";

let time: number;
let changes: boolean[];
let membership: Membership;
let stuck: string | null;

beforeEach(() => {
  time = 0;
  changes = [];
  stuck = null;
  membership = new Membership(
    () => time,
    (joined) => changes.push(joined),
    () => stuck,
  );
});

const health = () => {
  const { status, reason } = membership.health("e1");
  return `${status}: ${reason}`;
};

describe("health", () => {
  test("is not there before the group is joined, and says what is waited for", () => {
    expect(health()).toBe("unavailable: starting");
    membership.lost("waiting for the topic t");
    expect(health()).toBe("unavailable: waiting for the topic t");
    expect(changes).toEqual([]);
  });

  test("is there once joined, with the partitions", () => {
    membership.joinedWith({ b: [0, 1], a: [0] });
    expect(membership.health("e1")).toEqual({
      status: "ok",
      reason: "consuming",
      epoch: "e1",
      partitions: ["a/0", "b/0", "b/1"],
    });
    expect(membership.status()).toEqual({ state: "up", detail: "reading a/0, b/0, b/1" });
  });

  test("is lost with the membership, and comes back with it", () => {
    membership.joinedWith({ a: [0] });
    membership.lost("the group is rebalancing");
    expect(health()).toBe("unavailable: the group is rebalancing");
    membership.joinedWith({ a: [0] });
    expect(health()).toBe("ok: consuming");
    expect(changes).toEqual([true, false, true]);
  });

  test("is lost when the broker no longer answers fetches", () => {
    membership.joinedWith({ a: [0] });
    time = 4000;
    membership.fetched();
    time = 8000;
    expect(health()).toBe("ok: consuming");
    time = 10_000;
    expect(health()).toBe("unavailable: no answer from the broker for 6 s");
  });

  test("is not lost while a batch takes long", () => {
    membership.joinedWith({ a: [0] });
    const done = membership.work();
    time = 60_000;
    expect(health()).toBe("ok: consuming");
    done();
    time = 64_000;
    expect(health()).toBe("ok: consuming");
  });

  test("is lost when a member does not get on, and says why", () => {
    stuck = "the handler has not got on with a/0 for 400 s";
    expect(health()).toBe("unavailable: starting");
    membership.joinedWith({ a: [0] });
    expect(health()).toBe(`unavailable: ${stuck}`);
    expect(membership.status()).toEqual({ state: "down", detail: stuck });
    stuck = null;
    expect(health()).toBe("ok: consuming");
  });

  test("a member without partitions is a warning", () => {
    membership.joinedWith({});
    expect(membership.status().state).toBe("warning");
  });
});

import { describe, expect, test } from "@jest/globals";
import { CONTAINER, IMAGE, NETWORK, type Resource, VOLUME } from "../../../commands/stack/deployment";
import { differenceOf } from "../../../commands/start/difference";
import type { FoundContainer, Inventory } from "../../../commands/start/inventory";
import { resource } from "./resource";

const volume = (role: string) => resource(VOLUME, `s-${role}-data`, `s-${role}-data`);
const container = (role: string) =>
  resource(CONTAINER, `id-${role}`, `s-${role}`, {
    inputs: { networksAdvanced: [{ name: "s-net" }], volumes: [{ volumeName: `s-${role}-data` }] },
  });
const topic: Resource = { urn: "urn:topic", type: "kafka:index/topic:Topic", id: "t", deletedWith: "urn:s-kafka-data" };
const capture: Resource = { urn: "urn:capture", type: "Capture", id: "c", deletedWith: "urn:s-postgres-data" };
const ROLES = ["postgres", "kafka", "zookeeper"];
const connect = resource(CONTAINER, "id-connect", "s-connect", { inputs: { networksAdvanced: [{ name: "s-net" }] } });
const STACK: Resource[] = [
  connect,
  resource(NETWORK, "net-id", "s-net"),
  resource(IMAGE, "sha", "cdc/kafka:0123456789ab"),
  resource(IMAGE, "sha", "postgres:17"),
  ...ROLES.map(volume),
  ...ROLES.map(container),
  topic,
  capture,
];

/** The same with two brokers more. */
const FURTHER = ["kafka-2", "kafka-3"];
const CLUSTER = [...STACK, ...FURTHER.map(volume)];

const found = (name: string, state = "running", networks = ["s-net", "somebodys"]): FoundContainer => ({
  name,
  state,
  networks,
});

/** The engine with these containers in place of its own. */
const engineWith = (...containers: [id: string, container: FoundContainer][]): Inventory => ({
  ...engine(),
  containers: new Map([...engine().containers, ...containers]),
});

/** The engine with all objects of the stack, without some names or ids. */
function engine(...without: string[]): Inventory {
  const left = (all: string[]) => all.filter((each) => !without.includes(each));
  return {
    containers: new Map(
      ["connect", ...ROLES]
        .filter((role) => !without.includes(`id-${role}`))
        .map((role) => [`id-${role}`, found(`s-${role}`, without.includes(`id-${role} runs`) ? "exited" : "running")]),
    ),
    networkIds: new Set(left(["net-id"])),
    volumeNames: new Set(left([...ROLES, ...FURTHER].map((role) => `s-${role}-data`))),
    strayVolumes: new Set(),
    imageNames: new Set(left(["cdc/kafka:0123456789ab"])),
    labelled: new Map([
      ["s-kafka", "id-kafka"],
      ["s-net", "net-id"],
      ["t-kafka", "id-of-another-stack"],
    ]),
  };
}

function withoutVolume(role: string): Pick<Inventory, "volumeNames"> {
  return { volumeNames: engine("s-kafka-2-data", `s-${role}-data`).volumeNames };
}

describe("what differs", () => {
  const urns = (...missing: string[]) => [...differenceOf(STACK, engine(...missing)).urns].sort();

  test("nothing, where all is there; an image with a tag of the user's own is the engine's to find", () => {
    const none = {
      names: [],
      useless: [],
      topicVolumes: [],
      rejoining: [],
      urns: new Set(),
      containers: [],
      volumes: [],
      stopped: [],
      paused: [],
      renamed: [],
      detached: [],
    };
    expect(differenceOf(STACK, engine())).toEqual(none);
  });

  test("a container, and an image that was built here", () => {
    expect(urns("id-kafka")).toEqual(["urn:s-kafka"]);
    expect(urns("cdc/kafka:0123456789ab")).toEqual(["urn:cdc/kafka:0123456789ab"]);
  });

  test("a stopped container is started, and stays in the state", () => {
    const { stopped, urns: forgotten } = differenceOf(STACK, engine("id-kafka runs"));
    expect([stopped, forgotten.size]).toEqual([["id-kafka"], 0]);
  });

  test("one that is paused goes on, and one that was renamed gets its name back", () => {
    const there = engineWith(
      ["id-kafka", found("s-kafka", "paused")],
      ["somebody-elses", found("another", "paused")],
      ["id-connect", found("mine")],
    );
    const difference = differenceOf(STACK, there);
    expect(difference.paused).toEqual(["id-kafka"]);
    expect(difference.renamed).toEqual([{ id: "id-connect", name: "s-connect" }]);
    expect(difference.urns.size).toBe(0);
  });

  test("one that was taken off its network is put back, under the words by which others find it", () => {
    const there = engineWith(["id-kafka", found("s-kafka", "running", [""])]);
    const stack = STACK.map((each) =>
      each.id === "id-kafka"
        ? { ...each, inputs: { ...each.inputs, networksAdvanced: [{ name: "s-net", aliases: ["kafka"] }] } }
        : each,
    );
    expect(differenceOf(stack, there).detached).toEqual([{ id: "id-kafka", network: "s-net", aliases: ["kafka"] }]);
  });

  test("a name that another container has taken is left to it", () => {
    const there = engineWith(["id-connect", found("mine")], ["other", found("s-connect")]);
    expect(differenceOf(STACK, there).renamed).toEqual([]);
  });

  test("a network takes the containers along that were made in it", () => {
    const { names, useless, topicVolumes, containers, volumes, stopped } = differenceOf(
      STACK,
      engine("net-id", "id-kafka", "id-postgres runs"),
    );
    expect(names).toEqual(["s-kafka", "s-net"]);
    expect([useless, topicVolumes]).toEqual([["s-connect", "s-postgres", "s-zookeeper"], []]);
    expect(containers).toEqual(["id-connect", "id-postgres", "id-zookeeper"]);
    expect([volumes, stopped]).toEqual([[], []]);
  });

  test.each(["s-kafka-data", "s-zookeeper-data"])(
    "without %s the broker begins anew, and the database stays",
    (gone) => {
      const { urns: forgotten, volumes } = differenceOf(STACK, engine(gone));
      expect([...forgotten].sort()).toEqual(
        [
          "urn:s-connect",
          "urn:s-kafka",
          "urn:s-kafka-data",
          "urn:s-zookeeper",
          "urn:s-zookeeper-data",
          "urn:topic",
        ].sort(),
      );
      expect(volumes).toEqual(["s-kafka-data", "s-zookeeper-data"].filter((name) => name !== gone));
    },
  );

  test.each([
    ["ZooKeeper's volume", STACK, "s-zookeeper-data", ["s-kafka-data"]],
    ["the volume of a broker, with no others to ask", CLUSTER, "s-kafka-2-data", ["s-kafka-3-data", "s-kafka-data"]],
    ["the broker's volume, which had all topics", STACK, "s-kafka-data", []],
  ])("without %s: whether volumes go that still hold topics", (_what, state, lost, asked) => {
    const { names, useless, topicVolumes } = differenceOf(state, engine(lost));
    expect([names, topicVolumes]).toEqual([[lost], asked]);
    expect(useless).toEqual(expect.arrayContaining(asked));
  });

  describe("the volume of one of three brokers is lost with its container", () => {
    const cluster = [...CLUSTER, ...FURTHER.map(container)];
    const further = (...roles: string[]): [string, FoundContainer][] =>
      roles.map((role) => [`id-${role}`, found(`s-${role}`)]);
    const without = (role: string, others: string[]): Inventory => ({
      ...engine(`s-${role}-data`, `id-${role}`),
      containers: new Map([...engine(`id-${role}`).containers, ...further(...others)]),
    });

    test.each([
      ["kafka-2", ["kafka-3"]],
      ["kafka", FURTHER],
    ])("that of %s is made anew, where the others can be asked; they and the topics stay", (role, others) => {
      const difference = differenceOf(cluster, without(role, others));
      expect(difference.rejoining).toEqual([`s-${role}-data`]);
      expect([...difference.urns].sort()).toEqual([`urn:s-${role}`, `urn:s-${role}-data`]);
      expect([difference.volumes, difference.containers, difference.topicVolumes]).toEqual([[], [], []]);
    });

    test("all of Kafka begins anew where they have not all records", () => {
      const {
        topicVolumes,
        rejoining,
        urns: forgotten,
      } = differenceOf(cluster, without("kafka-2", ["kafka-3"]), false);
      expect([topicVolumes, rejoining]).toEqual([["s-kafka-3-data", "s-kafka-data"], []]);
      expect([...forgotten]).toContain("urn:topic");
    });

    test.each([
      ["another broker has no container either", cluster, without("kafka-2", [])],
      [
        "ZooKeeper's volume is lost, too",
        cluster,
        { ...without("kafka-2", ["kafka-3"]), ...withoutVolume("zookeeper") },
      ],
      ["the network is gone", cluster, { ...without("kafka-2", ["kafka-3"]), networkIds: new Set<string>() }],
      [
        "it is the one that would begin a quorum of its own",
        cluster.map((each) =>
          each.type === VOLUME
            ? { ...each, inputs: { ...each.inputs, labels: [{ label: "cdc.coordination" }] } }
            : each,
        ),
        without("kafka", FURTHER),
      ],
    ])("a person is asked where %s", (_what, state, there) => {
      const { rejoining, topicVolumes } = differenceOf(state, there);
      expect(rejoining).toEqual([]);
      expect(topicVolumes).toContain("s-kafka-3-data");
    });
  });

  test("without the database the topics are not taken away unasked", () => {
    expect(() => differenceOf(STACK, engine("s-postgres-data", "id-postgres"))).toThrow(
      "The Docker volume s-postgres-data is gone, and the database with it; the changes that Kafka holds are still " +
        "there. `npm stop` takes them away as well",
    );
  });

  test("with database and topics gone there is nothing to look at first, also where ZooKeeper's volume is left", () => {
    const { urns: forgotten, volumes } = differenceOf(STACK, engine("s-postgres-data", "s-kafka-data", "id-postgres"));
    expect([...forgotten]).toEqual(expect.arrayContaining(["urn:s-postgres-data", "urn:s-kafka-data", "urn:topic"]));
    expect(volumes).toEqual(["s-zookeeper-data"]);
  });

  test.each([
    ["ZooKeeper's volume", "s-kafka", "s-zookeeper-data"],
    ["the broker's", "s-zookeeper", "s-kafka-data"],
  ])("a stop that was killed when of the two only %s was left: that goes as well", (_what, taken, left) => {
    const state = STACK.filter(({ inputs, type }) => type !== CONTAINER && inputs?.name !== `${taken}-data`);
    // Volumes that the engine still has are not lost.
    expect(differenceOf(state, engine()).volumes).toEqual([]);
    const { urns: forgotten, volumes, topicVolumes } = differenceOf(state, engine(`${taken}-data`));
    // A stop was meant, so nobody is asked once more.
    expect([volumes, topicVolumes]).toEqual([[left], []]);
    expect([...forgotten]).toContain(`urn:${left}`);
    expect([...forgotten]).not.toContain("urn:s-postgres-data");
  });

  test("a broker that keeps its metadata itself is whole without ZooKeeper", () => {
    const labels = [{ label: "cdc.coordination" }];
    const data = { ...volume("kafka"), inputs: { name: "s-kafka-data", labels } };
    const there = engine("s-zookeeper-data");
    expect(differenceOf([volume("postgres"), data], there)).toMatchObject({ names: [], volumes: [] });
  });

  test("another engine has nothing of all that", () => {
    const all = [
      "net-id",
      "id-connect",
      "cdc/kafka:0123456789ab",
      ...ROLES.flatMap((role) => [`id-${role}`, `s-${role}-data`]),
    ];
    const stays = STACK.filter(({ urn }) => !urns(...all).includes(urn));
    expect(stays.map(({ urn }) => urn)).toEqual(["urn:postgres:17"]);
  });

  test("an empty volume that the engine made in place of a lost one counts as lost, and is removed", () => {
    const there = { ...engine(), strayVolumes: new Set(["s-kafka-data", "somebody-elses"]) };
    const { urns: forgotten, volumes, containers } = differenceOf(STACK, there);
    expect([...forgotten]).toEqual(expect.arrayContaining(["urn:s-kafka-data", "urn:s-zookeeper-data", "urn:topic"]));
    expect(volumes.sort()).toEqual(["s-kafka-data", "s-zookeeper-data"]);
    expect(containers).toEqual(expect.arrayContaining(["id-kafka", "id-zookeeper", "id-connect"]));
  });

  test("what was never finished has no id, and is not missed", () => {
    const half = { ...container("half"), id: undefined };
    expect(differenceOf([half], engine()).urns.size).toBe(0);
  });
});

import { expect, test } from "@jest/globals";
import { isNew, isOfStack } from "../../../components/preflight/is-new";
import { namedLike, namesakesText } from "../../../components/preflight/namesakes";

const state = (latest: unknown) => JSON.stringify({ version: 3, checkpoint: { stack: "dev", latest } });
const STACK = { type: "pulumi:pulumi:Stack", urn: "urn:stack" };

test("a state is new before the first resource, also while its first run has begun", () => {
  expect(isNew(state(undefined))).toBe(true);
  expect(isNew(state({ resources: [STACK, { type: "pulumi:providers:docker" }] }))).toBe(true);
});

test("a run that was refused may have noted itself and the engine's own provider, which is nothing of a stack", () => {
  const noted = [STACK, { type: "pulumi:providers:pulumi" }, { type: "pulumi:providers:docker" }];
  expect(noted.some(isOfStack)).toBe(false);
  expect(isOfStack({ type: "docker:index/volume:Volume" })).toBe(true);
});

test("in somebody else's program the state is new while no pipeline is in it, whatever else is", () => {
  const bucket = {
    type: "docker:index/volume:Volume",
    urn: "urn:pulumi:dev::shop::docker:index/volume:Volume::theirs",
  };
  const part = { type: bucket.type, urn: "urn:pulumi:dev::shop::cdc:index:Pipeline$docker:index/volume:Volume::ours" };
  expect(isNew(state({ resources: [STACK, bucket], pending_operations: [{ resource: bucket }] }), true)).toBe(true);
  expect(isNew(state({ resources: [STACK, bucket, part] }), true)).toBe(false);
  expect(isNew(state({ resources: [STACK], pending_operations: [{ resource: part }] }), true)).toBe(false);
});

test("a run that was killed, however early, has left a state that is not new", () => {
  expect(isNew(state({ resources: [STACK, { type: "cdc:index:Network" }] }))).toBe(false);
  expect(isNew(state({ resources: [STACK], pending_operations: [{ type: "creating" }] }))).toBe(false);
});

test("names that another clone's stack has are reported, with four ways out", () => {
  const found = [
    { kind: "container", name: "cdc-dev-postgres", labelled: true },
    { kind: "volume", name: "cdc-dev-postgres-data", labelled: true },
  ] as const;
  const text = namesakesText("cdc-dev", found, "/home/me/cdc");
  expect(text).toContain(
    "The names of the stack cdc-dev are taken by container cdc-dev-postgres, volume cdc-dev-postgres-data, of which this folder's " +
      "state knows nothing: another clone of the project made them (the consumer in /home/me/cdc), or this one before its state was",
  );
  for (const way of ["`pulumi stack init NAME`", "`npm start -- --take-over`", "`npm stop -- --remove`"])
    expect(text).toContain(way);
  expect(namesakesText("cdc-dev", found, "")).toContain("made them, or this one before");
});

test("a program of one's own is told ways out that it has", () => {
  const found = [{ kind: "volume", name: "cdc-dev-postgres-data", labelled: true }] as const;
  const text = namesakesText("cdc-dev", found, "", true);
  expect(text).not.toMatch(/npm (start|stop)/);
  expect(text).toContain("remove these but the volume cdc-dev-postgres-data (`docker rm --force --volumes`");
  expect(text).toContain("then `CDC_TAKE_OVER=cdc-dev pulumi up`; or remove that volume, too, with the rows.");
});

test("an object without a label of ours is neither taken over nor removed", () => {
  const found = [
    { kind: "container", name: "cdc-dev-kafka", labelled: true },
    { kind: "volume", name: "cdc-dev-postgres-data", labelled: false },
  ] as const;
  const text = namesakesText("cdc-dev", found, "");
  expect(text).toContain("taken by what is none of this project's: volume cdc-dev-postgres-data. Remove or rename it");
  expect(text).not.toMatch(/take-over|--remove/);
});

test("a name is the stack's by its whole prefix and what follows it; the label says whose it is", async () => {
  const container = (name: string, stack: string) => ({ name, stack, id: name, ports: [] });
  const lists = {
    containers: async () => [
      container("cdc-dev-kafka", "cdc-dev"),
      container("abc-dev-kafka-2", "abc-dev"),
      container("x-cdc-dev-kafka", ""),
      container("cdc-dev-kafka-exporter", ""),
    ],
    volumes: async () => [{ name: "cdc-dev-kafka-2-data", stack: "" }],
    networks: async () => [{ name: "cdc-dev-net", stack: "cdc-dev" }],
  };
  expect(await namedLike("cdc-dev", lists)).toEqual([
    { kind: "container", name: "cdc-dev-kafka", labelled: true },
    { kind: "volume", name: "cdc-dev-kafka-2-data", labelled: false },
    { kind: "network", name: "cdc-dev-net", labelled: true },
  ]);
});

import { expect, test } from "@jest/globals";
import { keptDeletes } from "../../../components/settings/kept-deletes";

const MODE = "delete.tombstone.handling.mode";
const AVRO = { "value.converter": "io.apicurio.registry.utils.converter.AvroConverter" };
const unwrapped = (mode?: string, more: object = {}) => ({
  ...{ transforms: "flat", "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState", ...more },
  ...(mode !== undefined && { [`transforms.flat.${MODE}`]: mode }),
});
const filtered = (predicate: string, negate = false) => ({
  ...{ transforms: "less", "transforms.less.type": "org.apache.kafka.connect.transforms.Filter" },
  ...{ "transforms.less.predicate": "some", "transforms.less.negate": negate },
  "predicates.some.type": `org.apache.kafka.connect.transforms.predicates.${predicate}`,
});

test("without tombstones, a deleted row's key never leaves a topic that is only compacted", () => {
  for (const value of [false, "False"])
    expect(keptDeletes("compact", { "tombstones.on.delete": value })).toMatch(
      /^cdc:connectorConfig\["tombstones\.on\.delete"\] is false, .* cdc:cleanupPolicy compact .* stays in its topic for ever, .* Take the key away, or/,
    );
  for (const policy of ["delete", "compact,delete"])
    expect(keptDeletes(policy, { "tombstones.on.delete": false })).toBeUndefined();
  expect(keptDeletes("compact", { "tombstones.on.delete": true })).toBeUndefined();
  expect(keptDeletes("compact", {})).toBeUndefined();
});

test.each([
  ["rewrite", "drops them", {}],
  [" Drop", "drops them", AVRO],
  ["tombstone", "writes the text null in their place", {}],
  [undefined, "writes the text null in their place", { "value.converter": "cdc.StreamingJsonConverter" }],
])("a transform that unwraps rows may take tombstones away: %s", (mode, made, more) => {
  const told = keptDeletes("compact", unwrapped(mode, more));
  expect(told).toContain(
    `transforms.flat gets tombstones and ${made} (${MODE} is ${(mode ?? "tombstone").trim().toLowerCase()}), and with cdc:cleanupPolicy compact`,
  );
  expect(told).toContain(`Set cdc:connectorConfig["transforms.flat.${MODE}"] to rewrite-with-tombstone, or set`);
  expect(keptDeletes("compact,delete", unwrapped(mode, more))).toBeUndefined();
});

test("one that keeps tombstones, makes some, or gets none is not named", () => {
  const left = { "transforms.flat.predicate": "gone", "transforms.flat.negate": "true" };
  const gone = { "predicates.gone.type": "org.apache.kafka.connect.transforms.predicates.RecordIsTombstone" };
  for (const config of [
    unwrapped("rewrite-with-tombstone"),
    unwrapped("delete-to-tombstone", { "tombstones.on.delete": false }),
    unwrapped("tombstone", AVRO),
    unwrapped("rewrite", { ...left, ...gone }),
    unwrapped("rewrite", { transforms: "" }),
  ])
    expect(keptDeletes("compact", config)).toBeUndefined();
  expect(keptDeletes("compact", unwrapped("rewrite-with-tombstone", { "tombstones.on.delete": false }))).toContain(
    '["tombstones.on.delete"] is false',
  );
});

test("Kafka's filter of tombstones is named, and no other filter", () => {
  expect(keptDeletes("compact", filtered("RecordIsTombstone"))).toContain("transforms.less drops tombstones, and");
  for (const other of [filtered("RecordIsTombstone", true), filtered("TopicNameMatches"), filtered("HasHeaderKey")])
    expect(keptDeletes("compact", other)).toBeUndefined();
});

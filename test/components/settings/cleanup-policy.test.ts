import { expect, test } from "@jest/globals";
import { compactionLoss, keptDeletes } from "../../../components/settings/cleanup-policy";

test("a compacted topic whose newest records lack values is warned of, with the setting that has them told", () => {
  for (const policy of ["compact", "compact,delete"])
    expect(compactionLoss(policy, "DEFAULT")).toMatch(
      new RegExp(`^cdc:cleanupPolicy ${policy} keeps the newest record .* Set cdc:replicaIdentity to FULL, unless`),
    );
});

test("nothing is said where each record has the whole row, or where older records stay", () => {
  expect(compactionLoss("compact", "FULL")).toBeUndefined();
  expect(compactionLoss("delete", "DEFAULT")).toBeUndefined();
});

test("without tombstones, a deleted row's key never leaves a topic that is only compacted", () => {
  for (const value of [false, "False"])
    expect(keptDeletes("compact", { "tombstones.on.delete": value })).toMatch(
      /^cdc:connectorConfig\["tombstones\.on\.delete"\] is false, .* cdc:cleanupPolicy compact .* stays in its topic for ever/,
    );
  for (const policy of ["delete", "compact,delete"])
    expect(keptDeletes(policy, { "tombstones.on.delete": false })).toBeUndefined();
  expect(keptDeletes("compact", { "tombstones.on.delete": true })).toBeUndefined();
  expect(keptDeletes("compact", {})).toBeUndefined();
});

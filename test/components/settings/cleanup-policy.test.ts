import { expect, test } from "@jest/globals";
import { compactionLoss } from "../../../components/settings/cleanup-policy";

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

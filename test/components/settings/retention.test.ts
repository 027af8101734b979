import { expect, test } from "@jest/globals";
import { isShorter, retentionConfig, retentionMs, USUAL_RETENTION_MS } from "../../../components/settings/retention";

test("hours, days and for ever, in Kafka's milliseconds", () => {
  expect(["12h", "7d", "forever"].map(retentionMs)).toEqual([43_200_000, USUAL_RETENTION_MS, -1]);
});

test("what the broker does anyway is not said; a short one has segments that can go in time", () => {
  expect(retentionConfig(USUAL_RETENTION_MS)).toEqual({});
  expect(retentionConfig(-1)).toEqual({ "retention.ms": "-1" });
  expect(retentionConfig(30 * 86_400_000)).toEqual({ "retention.ms": "2592000000" });
  expect(retentionConfig(86_400_000)).toEqual({ "retention.ms": "86400000", "segment.ms": "21600000" });
});

test("for ever is the longest", () => {
  expect([isShorter(1, -1), isShorter(1, 2), isShorter(2, 1), isShorter(-1, 2), isShorter(-1, -1)]).toEqual([
    ...[true, true, false],
    ...[false, false],
  ]);
});

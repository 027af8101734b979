import { expect, test } from "@jest/globals";
import { withWayRound } from "../../../../components/capture/tables/way-round";

const REASONS = [
  "app.a, app.b.c: partitioned. Add a key.",
  "app.d: inherited from. Rename it.",
  "the server is a standby",
];

test("tables that a whole schema includes can be left out, each as its entry has to be written", () => {
  expect(withWayRound(["app.*"], REASONS)).toEqual([
    ...REASONS,
    'To go on without them, add !app.a,!app."b.c",!app.d to `tables`.',
  ]);
  expect(withWayRound(["app.*"], REASONS.slice(1))).toContain("To go on without it, add !app.d to `tables`.");
});

test("of one that is named there is nothing to add", () => {
  expect(withWayRound(["app.*", "app.d"], REASONS.slice(1))).toEqual(REASONS.slice(1));
  expect(withWayRound(["app.a", "other.*"], REASONS)).toEqual(REASONS);
});

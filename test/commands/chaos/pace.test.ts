import { expect, test } from "@jest/globals";
import { Pace } from "../../../commands/chaos/writer/pace";

test("as many are due as the rate says, and what a standstill cost is made up for by a second at most", () => {
  let now = 0;
  const pace = new Pace(100, () => now);
  expect(pace.due()).toBe(false);
  now = 10;
  expect(pace.due()).toBe(true);
  pace.count(1);
  expect(pace.due()).toBe(false);
  now = 60_000;
  let made = 0;
  while (pace.due()) {
    pace.count(1);
    made++;
  }
  expect(made).toBe(100);
});

import { expect, test } from "@jest/globals";
import { JoiningAgain } from "../../../../consumer/kafka/group/joining-again";

const closed = Object.assign(new Error("Closed connection"), { retriable: true });
const unknown = new Error("Broker not connected");
const joining = (): JoiningAgain => new JoiningAgain(() => 0);

test("after an error that passes, a consumer joins again soon, however often", () => {
  const again = joining();
  for (let times = 0; times < 10; times++) expect(again.after(closed)).toEqual({ inMs: 250, isOtherVersion: false });
});

test("after another error, a consumer joins again three times with growing pauses, and then the process ends", () => {
  const again = joining();
  expect([1, 2, 3, 4].map(() => again.after(unknown)?.inMs)).toEqual([250, 1000, 4000, undefined]);
  expect(again.after(unknown)).toBeNull();
});

test("as long as a consumer of another version is in the group, joining is tried again without counting", () => {
  const again = joining();
  const other = Object.assign(new Error("inconsistent"), { type: "INCONSISTENT_GROUP_PROTOCOL" });
  for (let times = 0; times < 10; times++) expect(again.after(other)).toEqual({ inMs: 500, isOtherVersion: true });
  expect(again.after(unknown)?.inMs).toBe(250);
});

import { expect, test } from "@jest/globals";
import { isVisible, momentOf } from "../../../../commands/verify/rows/visibility";

/** At this moment, transactions 12, 15 and 20 were under way, and 21 had not begun. */
const moment = momentOf("12:20:12,15", 1000n, 21n);

test.each([
  [{ lsn: 900n, txId: 11, isSnapshot: false }, true],
  [{ lsn: 1000n, txId: 19, isSnapshot: false }, true],
  [{ lsn: 1001n, txId: 19, isSnapshot: false }, false],
  [{ lsn: 900n, txId: 12, isSnapshot: false }, false],
  [{ lsn: 999n, txId: 20, isSnapshot: false }, false],
  [{ lsn: 900n, txId: null, isSnapshot: true }, true],
  [{ lsn: 900n, txId: 15, isSnapshot: true }, true],
  [{ lsn: 1001n, txId: null, isSnapshot: true }, false],
  [{ lsn: null, txId: null, isSnapshot: true }, true],
])("%j: %s", (source, visible) => {
  expect(isVisible({ ...source, wasThere: false }, moment)).toBe(visible);
});

test("transaction numbers go round at 2^32", () => {
  const late = momentOf("4294967290:4294967300:4294967295", 1000n, 4294967300n);
  const at = (txId: number) => isVisible({ lsn: 1n, txId, isSnapshot: false, wasThere: false }, late);
  expect([at(4294967291), at(4294967295), at(3), at(4), at(5)]).toEqual([true, false, true, false, false]);
});

test.each([
  ["behind the log's end", { lsn: 1001n, txId: 11 }, true],
  ["of a transaction that has not begun", { lsn: 900n, txId: 21 }, true],
  ["of a transaction half of all numbers ago", { lsn: 900n, txId: 3_000_000_000 }, true],
  ["whose commit waits for a standby", { lsn: 900n, txId: 15 }, false],
  ["whose commit waits for a standby, with none after it that has ended", { lsn: 900n, txId: 20 }, false],
])("a record that the topic had before the moment, %s", (_what, at, visible) => {
  expect(isVisible({ ...at, isSnapshot: false, wasThere: true }, moment)).toBe(visible);
});

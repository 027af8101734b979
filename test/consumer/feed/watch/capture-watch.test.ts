import { expect, test } from "@jest/globals";
import { CaptureWatch } from "../../../../consumer/feed/watch/capture-watch";

/** A heartbeat, with the changed tables that it reports. */
const beat = (changedTables?: unknown) => ({
  ...({ op: "heartbeat", topic: "cdctest.message", partition: 0, offset: "0" } as const),
  ...(changedTables !== undefined && { changedTables: JSON.stringify(changedTables) }),
});
const REMADE = { table: "public.orders", what: "remade", was: null, now: null };
const SAID =
  "public.orders was dropped and made again: rows and changes may be missing from its topic: `npm start` reads its rows again";

test("says what comes with the heartbeats for as long as it comes, and warns of it once", () => {
  let now = 0;
  const log: string[] = [];
  const watch = new CaptureWatch(
    () => now,
    (sentence) => log.push(sentence),
  );
  expect(watch.warnings()).toEqual([]);
  watch.unprinted(beat([REMADE]));
  now = 5000;
  watch.unprinted(beat([REMADE]));
  expect(watch.warnings()).toEqual([SAID]);
  now = 19_999;
  expect(watch.warnings()).toEqual([SAID]);
  now = 20_000;
  expect(watch.warnings()).toEqual([]);
  expect(log).toEqual([SAID]);
  watch.unprinted(beat([REMADE]));
  expect(log).toEqual([SAID, SAID]);
});

test("says nothing of another connector's tables, nor of rows that an `up` is reading", () => {
  const watch = new CaptureWatch(
    () => 0,
    () => undefined,
    "cdc_dev",
  );
  watch.unprinted(beat([{ slot: "another" }, REMADE]));
  watch.unprinted(beat([{ slot: "cdc_dev" }, { ...REMADE, what: "unread" }]));
  expect(watch.warnings()).toEqual([]);
  watch.unprinted(beat([{ slot: "cdc_dev" }, REMADE]));
  expect(watch.warnings()).toEqual([SAID]);
});

test.each([
  ["no JSON", "{"],
  ["no list", '{"table":"a"}'],
  ["no tables", "[1, null]"],
])("%s says nothing", (_what, changedTables) => {
  const watch = new CaptureWatch(
    () => 0,
    () => undefined,
  );
  watch.unprinted({ ...beat(), changedTables });
  expect(watch.warnings()).toEqual([]);
});

import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Notification } from "../../../../components/connector/snapshot/notifications";
import type { Reading } from "../../../../components/connector/snapshot/read-table";
import { readTogether } from "../../../../components/connector/snapshot/read-together";
import { inputsFor } from "../setting";

const told: Notification[] = [];
const emptied: string[][] = [];
let confirmed = 0n;
let looked = 0;
/** What happens at each look at how far the connector is. */
let onLook: (look: number) => void = () => undefined;
beforeEach(() => {
  told.length = emptied.length = looked = 0;
});
jest.mock("../../../../components/connector/snapshot/moving", () => ({ copying: () => Promise.resolve(undefined) }));
jest.mock("../../../../components/connector/slot/source", () => ({
  ...jest.requireActual<object>("../../../../components/connector/slot/source"),
  slotState: () => {
    onLook(++looked);
    return Promise.resolve({ confirmed });
  },
}));
jest.mock("../../../../components/connector/rest/connect-api", () => ({ getStatus: () => Promise.resolve(undefined) }));
jest.mock("../../../../components/connector/snapshot/emptied", () => ({
  tellEmptied: (_inputs: unknown, tables: string[]) => Promise.resolve(void emptied.push(tables)),
}));
jest.mock("../../../../components/connector/snapshot/signals", () => ({
  send: () => {
    const kind = "blocking";
    told.push(
      { id: "", kind, type: "STARTED", tables: ["public.read", "public.keyed", "public.keyless"] },
      { id: "", kind, type: "TABLE_SCAN_COMPLETED", table: "public.read", rows: 2, status: "SUCCEEDED" },
      { id: "", kind, type: "SKIPPED" },
    );
    return Promise.resolve({ id: "cdc-1", at: 0n });
  },
}));

const look = (hasKey: boolean) => ({ hasKey, bytes: 1, rowBytes: 1, rows: 2 });
const tables = new Map([
  ["public.read", look(false)],
  ["public.keyed", look(true)],
  ["public.keyless", look(false)],
]);
const read = (readyTimeoutSeconds = 5) => {
  const reading = {
    inputs: inputsFor("http://c", { readyTimeoutSeconds }),
    reader: { told: () => told, end: () => 0 },
    signals: {},
    held: () => Promise.resolve({}),
  } as unknown as Reading;
  return readTogether(reading, tables);
};

test("a signal that the restarted task may read once more is waited for, and no table is asked for by itself", async () => {
  confirmed = -1n;
  onLook = (at) => {
    const kind = "blocking";
    const scanned = ["public.read", "public.keyed", "public.keyless"].map((table) => ({
      ...{ id: "", kind: kind as "blocking", type: "TABLE_SCAN_COMPLETED", table, rows: 2, status: "SUCCEEDED" },
    }));
    if (at === 3) told.push({ id: "", kind, type: "STARTED" }, ...scanned);
  };
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  expect([...(await read()).keys()]).toEqual(["public.read", "public.keyed", "public.keyless"]);
  expect(emptied).toEqual([[]]);
  [confirmed, onLook] = [0n, () => undefined];
});

test("where the task was restarted amid a batch, a table without a key is emptied in its topic before it is read again", async () => {
  expect([...(await read()).keys()]).toEqual(["public.read"]);
  expect(emptied).toEqual([["public.keyless"]]);
});

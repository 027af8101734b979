import { expect, jest, test } from "@jest/globals";
import type { Notification } from "../../../../components/connector/snapshot/notifications";
import type { Reading } from "../../../../components/connector/snapshot/read-table";
import { readTogether } from "../../../../components/connector/snapshot/read-together";
import { inputsFor } from "../setting";

const told: Notification[] = [];
const emptied: string[][] = [];
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

test("where the task was restarted amid a batch, a table without a key is emptied in its topic before it is read again", async () => {
  const reading = {
    inputs: inputsFor("http://c"),
    reader: { told: () => told, end: () => 0 },
    signals: {},
  } as unknown as Reading;
  const look = (hasKey: boolean) => ({ hasKey, bytes: 1, rowBytes: 1, rows: 2 });
  const tables = new Map([
    ["public.read", look(false)],
    ["public.keyed", look(true)],
    ["public.keyless", look(false)],
  ]);
  expect([...(await readTogether(reading, tables)).keys()]).toEqual(["public.read"]);
  expect(emptied).toEqual([["public.keyless"]]);
});

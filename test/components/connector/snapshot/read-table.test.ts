import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Notification } from "../../../../components/connector/snapshot/notifications";
import { readTable, type Reading, stillRemedy } from "../../../../components/connector/snapshot/read-table";
import type { SignalNote } from "../../../../components/connector/snapshot/signals";
import { inputsFor } from "../setting";

/** A blocking snapshot of a table whose records reach no topic that is counted. */
const kind = "blocking";
const looks = 30;
let told: Notification[];
let sent: { signal: object; note?: SignalNote }[];
let confirmed: bigint;
let looked: number;
/** What happens at each look at the database. */
let onLook: (look: number) => void;

jest.mock("../../../../components/connector/rest/connect-api", () => ({
  getStatus: () => Promise.resolve(undefined),
  getTopics: () => Promise.resolve([]),
}));
jest.mock("../../../../components/connector/snapshot/emptied", () => ({ tellEmptied: () => Promise.resolve() }));
jest.mock("../../../../components/connector/snapshot/moving", () => ({
  copying: () => {
    onLook(++looked);
    return Promise.resolve({ begun: 1, mark: String(looked) });
  },
}));
jest.mock("../../../../components/connector/slot/source", () => ({
  ...jest.requireActual<object>("../../../../components/connector/slot/source"),
  slotState: () => Promise.resolve({ confirmed }),
}));
jest.mock("../../../../components/connector/snapshot/signals", () => ({
  send: (_signals: unknown, signal: object, note: SignalNote) => {
    sent.push({ signal, note });
    return Promise.resolve({ id: `cdc-${sent.length}`, at: 10n });
  },
}));

const started: Notification = { id: "", kind, type: "STARTED" };
const skipped: Notification = { id: "", kind, type: "SKIPPED" };
const scanned: Notification = {
  id: "",
  kind,
  type: "TABLE_SCAN_COMPLETED",
  table: "public.t",
  rows: 2,
  status: "SUCCEEDED",
};

beforeEach(() => {
  [told, sent, confirmed, looked] = [[], [], 10n, 0];
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});

const config = { transforms: "all", "transforms.all.type": "a.Router", "topic.prefix": "p" };
function read() {
  const reading = {
    target: { url: "", operation: "", until: 0 },
    inputs: { ...inputsFor("http://c", { config, readyTimeoutSeconds: 0.5 }), tableIds: { "public.t": "7" } },
    reader: { told: () => told, end: () => 3, written: () => Promise.resolve(0) },
    signals: {},
    held: () => Promise.resolve({}),
    left: [],
  } as unknown as Reading;
  return readTable(reading, "public.t", { hasKey: false, bytes: 1, rowBytes: 1, rows: 2 });
}

test("an up waits as long as the database gives rows, whether or not they are counted", async () => {
  onLook = (look) => {
    if (look === 1) told.push(started);
    if (look === looks) told.push(scanned);
  };
  expect(await read()).toEqual({ said: "public.t (2)" });
  expect(looked).toBe(looks);
  expect(sent).toMatchObject([{ signal: { type: "blocking" }, note: { after: 3, ids: { "public.t": "7" } } }]);
});

test("after a restart, a signal that the connector may read once more is not sent again", async () => {
  confirmed = 9n;
  onLook = (look) => {
    if (look === 1) told.push(started, skipped);
    if (look === 3) told.push(started, scanned);
  };
  expect(await read()).toMatchObject({ said: expect.stringContaining("public.t") });
  expect(sent).toHaveLength(1);
});

test("after a restart, one that it does not read again is sent again", async () => {
  onLook = (look) => {
    if (look === 1) told.push(started, skipped);
    if (look === 2) told.push(started, scanned);
  };
  expect(await read()).toMatchObject({ said: expect.stringContaining("public.t") });
  expect(sent).toHaveLength(2);
});

test("where nothing moves, the transforms are named that may take the notifications away", () => {
  const topic = { "notification.sink.topic.name": "n" };
  expect(stillRemedy({ config: { ...config, ...topic } })).toContain(
    "Debezium says in n how it goes, and all of `transforms` may get those records too: let the predicate leave them out.",
  );
  expect(stillRemedy({ config: topic })).toBe(
    "Nothing moves: the Connect container's log says more. The next `pulumi up` goes on with the snapshot, or asks for another.",
  );
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { asStrings, diffConnector, driftOf, isMasked, needsPut } from "../../../components/connector/connector-diff";
import type { ConnectorInputs, ConnectorOutputs } from "../../../components/connector/connector-types";
import { UNKNOWN } from "../../../program/dynamic/unknown";

const INPUTS: ConnectorInputs = {
  connectUrl: "http://127.0.0.1:8083",
  connectorName: "customer-cdc",
  config: { "connector.class": "a.B", "tasks.max": 1, "tombstones.on.delete": true },
  state: "RUNNING",
  database: { host: "h", port: 1, database: "d", user: "u", password: "p" },
  keepOffsets: false,
  keepSlot: false,
  readyTimeoutSeconds: 300,
  deleteTimeoutSeconds: 60,
};
const OLDS: ConnectorOutputs = { ...INPUTS, tasks: [], topics: ["t"], pluginVersion: "1", pendingSnapshots: [] };

describe("diff", () => {
  test("what was applied is what is declared: nothing", () => {
    const withProvider = { ...INPUTS, __provider: "new code" } as ConnectorInputs;
    expect(diffConnector(OLDS, withProvider)).toEqual({
      changes: false,
      changed: [],
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  test("numbers, booleans and their words are the same, and so is another order of keys", () => {
    const config = { "tombstones.on.delete": "true", "tasks.max": "1", "connector.class": "a.B" };
    const database = { password: "p", user: "u", database: "d", port: 1, host: "h" };
    expect(diffConnector(OLDS, { ...INPUTS, config, database }).changes).toBe(false);
  });

  test("another worker is a change, of nothing but where it runs", () => {
    const { changed, replaces } = diffConnector({ ...OLDS, worker: "one" }, { ...INPUTS, worker: "two" });
    expect({ changed, replaces }).toEqual({ changed: ["worker"], replaces: [] });
  });

  test("names each key that is added, changed or removed", () => {
    const config = { "connector.class": "a.B", "tasks.max": 2, "poll.interval.ms": 5 };
    expect(diffConnector(OLDS, { ...INPUTS, config }).changed).toEqual([
      'config["poll.interval.ms"]',
      'config["tasks.max"]',
      'config["tombstones.on.delete"]',
    ]);
  });

  test.each<[string, Partial<ConnectorInputs>, string[]]>([
    ["another name", { connectorName: "other" }, ["connectorName"]],
    ["another class", { config: { "connector.class": "c.D" } }, ["config"]],
    ["another address: the same Connect, moved", { connectUrl: "http://127.0.0.1:9" }, []],
    ["a name that is not known yet", { connectorName: UNKNOWN }, []],
    ["a class that is not known yet", { config: { "connector.class": UNKNOWN } }, []],
  ])("%s", (_what, change, replaces) => {
    const found = diffConnector(OLDS, { ...INPUTS, ...change });
    expect(found).toMatchObject({ changes: true, replaces, deleteBeforeReplace: replaces.length > 0 });
  });

  test("a whole config that is not known yet changes", () => {
    expect(diffConnector(OLDS, { ...INPUTS, config: UNKNOWN as never }).changed).toEqual(["config"]);
  });

  test("drift, a found state and snapshots still to be asked for lead to an update", () => {
    const drift = { seen: "now", found: ["deleted"] };
    expect(diffConnector(OLDS, { ...INPUTS, drift }).changed).toEqual(["drift"]);
    expect(diffConnector({ ...OLDS, drift }, { ...INPUTS, drift }).changes).toBe(false);
    expect(diffConnector({ ...OLDS, drift }, INPUTS).changes).toBe(false);
    expect(diffConnector({ ...OLDS, state: "FAILED" }, INPUTS).changed).toEqual(["state"]);
    expect(diffConnector({ ...OLDS, pendingSnapshots: ["public.a"] }, INPUTS).changed).toEqual(["pendingSnapshots"]);
  });

  test("whatever the config, it does not differ from itself", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (config) => {
        const applied = { ...OLDS, config: asStrings(config) };
        expect(diffConnector(applied, { ...INPUTS, config }).changes).toBe(false);
        // A key that a server adds may have any name. What was declared with that name still counts as applied.
        const live = { "server.key": "x", name: "n", ...asStrings(config) };
        expect(needsPut(live, asStrings(config), config)).toBe(false);
      }),
    );
  });
});

describe("drift", () => {
  const live = asStrings(INPUTS.config);
  const running = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "RUNNING" }] };

  test("none where all is as applied, whatever the server added", () => {
    expect(driftOf(INPUTS, { ...live, name: "customer-cdc", "__internal.x": "y" }, running)).toEqual([]);
  });

  test("shows both values, but none that smells of a secret", () => {
    const applied = { config: { "tasks.max": 1, "database.password": "old" }, state: "RUNNING" as const };
    expect(driftOf(applied, { "tasks.max": "9", "database.password": "new" }, running)).toEqual([
      'tasks.max: "9" in Kafka Connect, "1" declared',
      "database.password: another value in Kafka Connect, another value declared",
    ]);
  });

  test.each(["UNASSIGNED", "RESTARTING"])("%s passes by itself", (state) => {
    expect(driftOf(INPUTS, live, { connector: { state }, tasks: [] })).toEqual([]);
  });

  test("a failure counts whatever the connector itself says, but not for one that shall be stopped", () => {
    const failed = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "FAILED", trace: "a.BException: c" }] };
    expect(driftOf(INPUTS, live, failed)).toEqual(["task 0 FAILED: BException: c"]);
    const stopped = { ...failed, connector: { state: "STOPPED" } };
    expect(driftOf({ ...INPUTS, state: "STOPPED" }, live, stopped)).toEqual([]);
  });

  test("a failure that a restart alone would meet again is reported with what to do", () => {
    const trace =
      "o.a.k.RecordTooLargeException: The message is 33555052 bytes when serialized which is larger than 16777216.";
    const failed = { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "FAILED", trace }] };
    expect(driftOf(INPUTS, live, failed)).toEqual([expect.stringContaining("16777216. Raise cdc:maxRecordMb (`")]);
  });

  test("stars are a mask, not a value", () => {
    expect(["*", "********", "a*", ""].map(isMasked)).toEqual([true, true, false, false]);
  });
});

test("a key that is no longer declared has to be taken out of Connect", () => {
  expect(needsPut({ a: "1", b: "2" }, { a: "1" }, { a: "1", b: "2" })).toBe(true);
  expect(needsPut({ a: "1", b: "2" }, { a: "1" }, { a: "1" })).toBe(false);
});

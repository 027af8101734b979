import { expect, test } from "@jest/globals";
import { ask } from "../../../commands/look/answer";
import { partitionLook } from "../../../components/preflight/broker-look";
import { storedPosition } from "../../../components/connector/slot/source";
import { parseInspected } from "../../../commands/look/containers-look";
import { binaryBytes, elapsed } from "../../../commands/look/amounts";
import { containerOf } from "../../../commands/look/stack-look";
import { lagOf, summedLag } from "../../../commands/look/lag-look";

test("an answer in time is returned, an error and a missing answer are reported", async () => {
  expect(await ask(1000, () => Promise.resolve(1))).toEqual({ ok: true, value: 1 });
  const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  expect(await ask(1000, () => Promise.reject(refused))).toEqual({ ok: false, reason: "ECONNREFUSED", error: refused });
  expect(await ask(10, () => new Promise(() => undefined))).toEqual({ ok: false, reason: "no answer within 0.01 s" });
});

test("a container says its state, ports and settings, and one that is not there is missing", () => {
  const inspected = {
    Name: "/cdc-dev-postgres",
    RestartCount: 2,
    State: {
      ...{ Status: "running", StartedAt: "2026-01-02T11:50:00Z", FinishedAt: "0001-01-01T00:00:00Z", ExitCode: 0 },
      ...{ OOMKilled: false, Error: "", Health: { Status: "starting" } },
    },
    Config: { Image: "cdc/postgres:1", Env: ["POSTGRES_USER=a=b", "EMPTY="] },
    NetworkSettings: { Networks: { "cdc-dev-net": {} } },
    HostConfig: { PortBindings: { "5432/tcp": [{ HostIp: "127.0.0.1", HostPort: "55432" }] } },
  };
  const other = { ...inspected, Name: "/cdc-dev-other" };
  const [postgres, zookeeper] = parseInspected("cdc-dev", JSON.stringify([other, inspected]));
  expect(postgres).toEqual({
    ...{
      service: "postgres",
      role: "postgres",
      name: "cdc-dev-postgres",
      state: "running",
      health: "starting",
      restarts: 2,
    },
    ...{ startedAt: "2026-01-02T11:50:00Z", endedAt: null, exitCode: 0, outOfMemory: false, error: "" },
    ...{
      detached: false,
      image: "cdc/postgres:1",
      ports: { 5432: 55432 },
      environment: { POSTGRES_USER: "a=b", EMPTY: "" },
      labels: {},
    },
  });
  expect(zookeeper).toMatchObject({ service: "zookeeper", name: "cdc-dev-zookeeper", state: "missing" });
});

test.each(["kafka", "connect"])("where %s says that there is no ZooKeeper, none is missed", (service) => {
  const State = { Status: "running", StartedAt: "", FinishedAt: "", ExitCode: 0, OOMKilled: false, Error: "" };
  const Config = { Image: "cdc/kafka-kraft:1", Env: [], Labels: { "cdc.coordination": "kraft" } };
  const inspected = {
    Name: `/cdc-dev-${service}`,
    RestartCount: 0,
    State,
    Config,
    NetworkSettings: { Networks: {} },
    HostConfig: { PortBindings: {} },
  };
  const looks = parseInspected("cdc-dev", JSON.stringify([inspected]));
  expect(looks.map((look) => look.service)).toEqual(["postgres", "kafka", "connect", "consumer"]);
});

test("of several all are looked at, one that was taken away too", () => {
  const inspected = (role: string) => ({
    Name: `/cdc-dev-${role}`,
    RestartCount: 0,
    State: { Status: "running", StartedAt: "2026-01-02T11:50:00Z", FinishedAt: "0001-01-01T00:00:00Z", ExitCode: 0 },
    Config: { Image: "cdc/kafka:1", Env: null, Labels: { "cdc.members": "3" } },
    NetworkSettings: { Networks: {} },
    HostConfig: { PortBindings: {} },
  });
  const looks = parseInspected("cdc-dev", JSON.stringify(["kafka-3", "kafka", "kafka-data"].map(inspected)));
  expect(looks.map(({ role, state }) => `${role} ${state}`)).toEqual([
    ...["postgres missing", "zookeeper missing", "kafka running", "kafka-2 missing", "kafka-3 running"],
    ...["connect missing", "consumer missing"],
  ]);
  // With several containers, the first one that runs is asked.
  expect(containerOf(looks.slice(3), "kafka").role).toBe("kafka-3");
  expect(containerOf(looks, "connect").state).toBe("missing");
});

test("what several consumers took is summed, with the greatest bounds", () => {
  const none = { changes: 0, halfMs: null, mostMs: null };
  expect(
    summedLag([
      { a: { changes: 2, halfMs: 5, mostMs: 25 }, b: none },
      { a: { changes: 3, halfMs: 10, mostMs: 20 }, b: { changes: 1, halfMs: 5, mostMs: 5 } },
      { a: none, b: { changes: 1, halfMs: null, mostMs: null } },
    ]),
  ).toEqual({ a: { changes: 5, halfMs: 10, mostMs: 25 }, b: { changes: 2, halfMs: null, mostMs: null } });
});

test.each([
  [
    { low: "0", high: "7", committed: "7" },
    { records: 7, behind: 0, committed: "7" },
  ],
  [
    { low: "0", high: "7", committed: "-1" },
    { records: 7, behind: 7, committed: "0" },
  ],
  // Records that were not read and are no longer in the topic cannot be waited for.
  [
    { low: "4", high: "7", committed: "2" },
    { records: 3, behind: 3, committed: "4" },
  ],
])("a partition with %j", (offsets, look) => {
  expect(partitionLook("t", 0, offsets)).toEqual({ topic: "t", partition: 0, ...look });
});

test("a connector's position is the furthest that its offsets name", () => {
  const offset = { lsn_proc: 22778016, messageType: "COMMIT", lsn_commit: 22778010, lsn: 22778020, txId: 1023 };
  expect(storedPosition({ offsets: [{ partition: { server: "cdctest" }, offset }] })).toBe(22778020);
  expect(storedPosition({ offsets: [] })).toBeNull();
  expect(storedPosition(undefined)).toBeNull();
});

test("lag is read from the metrics, by table", () => {
  const metrics = [
    'cdc_lag_seconds_bucket{le="0.005",table="public.a"} 5',
    'cdc_lag_seconds_bucket{le="0.025",table="public.a"} 10',
    'cdc_lag_seconds_bucket{le="+Inf",table="public.a"} 10',
    'cdc_lag_seconds_bucket{le="0.005",table="public.\\"b\\" \\\\"} 0',
    'cdc_lag_seconds_bucket{le="+Inf",table="public.\\"b\\" \\\\"} 3',
  ].join("\n");
  expect(lagOf(metrics)).toEqual({
    "public.a": { changes: 10, halfMs: 5, mostMs: 25 },
    'public."b" \\': { changes: 3, halfMs: null, mostMs: null },
  });
});

test("times and sizes in the unit that one would say", () => {
  expect([0, 119_999, 120_000, 7_200_000, 172_800_000].map(elapsed)).toEqual([
    "0 s",
    "119 s",
    "2 min",
    "2 h",
    "2 days",
  ]);
  expect([0, 392, 1536, 1048576, 4305737656].map(binaryBytes)).toEqual([
    "0 bytes",
    "392 bytes",
    "1.5 kB",
    "1 MB",
    "4 GB",
  ]);
});

import { expect, test } from "@jest/globals";
import { FAULTS } from "../../../commands/chaos/faults/all-faults";
import { parseOptions } from "../../../commands/chaos/chaos-options";

test("without arguments all faults for five minutes, with the seed that was chosen", () => {
  expect(parseOptions([], 42)).toEqual({
    ...{
      minutes: 5,
      rate: 500,
      seed: 42,
      coordination: "zookeeper",
      exactlyOnce: false,
      cluster: false,
      overlap: false,
      set: {},
      faults: FAULTS.zookeeper.filter(({ onlyNamed }) => !onlyNamed),
      list: false,
      json: false,
    },
  });
});

test("each option", () => {
  const args = [
    "--minutes",
    "10",
    "--rate",
    "1000",
    "--seed",
    "7",
    "--only",
    "kill-all,pause",
    "--json",
    "--exactly-once",
    "--every",
    "300",
  ];
  const options = parseOptions(args, 42)!;
  expect(options.faults.map(({ name }) => name)).toEqual(["kill-all", "pause"]);
  expect(options).toMatchObject({ minutes: 10, rate: 1000, every: 300, seed: 7, exactlyOnce: true, json: true });
  expect(parseOptions(["--help"], 42)).toBeUndefined();
});

test.each([
  [["--minutes", "0"], '--minutes is "0"; allowed is a whole number from 1 to 600'],
  [["--rate", "fast"], '--rate is "fast"; allowed is a whole number from 1 to 5000'],
  [["--seed", "-1"], "allowed are"],
  [["--only", "kill-me"], /^--only is "kill-me"; allowed are kill-postgres, kill-zookeeper, /],
  [
    ["--set", "postgresVersion"],
    /^--set is "postgresVersion"; allowed is NAME=VALUE, where NAME is one of postgresVersion, /,
  ],
  [["--set", "partitions=2"], /^--set partitions cannot be chosen: the writer truncates a table/],
  [
    ["--set", "replicaIdentity=DEFAULT"],
    /^--set replicaIdentity cannot be chosen: a delete's record names the version/,
  ],
  [["--set", "tables=public.other"], /^--set is "tables=public.other"; allowed is NAME=VALUE/],
  [["--only", "power-cut,disk-full-kafka"], /give them a run each$/],
  [["--overlap", "--only", "kill-all,slot-dropped"], "--overlap needs two faults that need no hands"],
  [["--coordination", "raft"], '--coordination is "raft"; allowed are zookeeper, kraft'],
  [
    ["--coordination", "kraft", "--only", "kill-zookeeper"],
    /^--only is "kill-zookeeper"; allowed are kill-postgres, kill-kafka, /,
  ],
  [["--svg", "nowhere/a.svg"], '--svg is "nowhere/a.svg"; allowed is the name of a file in a folder that exists'],
  [["--svg", ""], '--svg is ""; allowed is the name of a file'],
  [
    ["--loud"],
    "allowed are --minutes, --rate, --every, --seed, --coordination, --exactly-once, --cluster, --overlap, --set, --engine-restart, --only, --list, --json, --svg, --recorded, --help",
  ],
])("%j is refused", (args, message) => {
  expect(() => parseOptions(args, 42)).toThrow(message);
});

test("the file of the picture, and reports of earlier runs in place of a new run", () => {
  expect(parseOptions(["--svg", "chaos.svg", "--recorded", "a.json,b.json"], 42)).toMatchObject({
    svg: "chaos.svg",
    recorded: "a.json,b.json",
  });
});

test("settings of the stack, and the engine's command", () => {
  const args = ["--set", "postgresVersion=18", "--set", "retention=1d", "--engine-restart", "service docker restart"];
  expect(parseOptions(args, 42)).toMatchObject({
    set: { postgresVersion: "18", retention: "1d" },
    engineRestart: "service docker restart",
  });
});

test("a fault that needs more than a usual stack comes when it is named, and is listed", () => {
  const names = (args: string[]) => parseOptions(args, 42)!.faults.map(({ name }) => name);
  expect(names([])).not.toContain("disk-full-kafka");
  expect(names(["--list"])).toContain("disk-full-kafka");
  expect(names(["--only", "disk-full-kafka"])).toEqual(["disk-full-kafka"]);
  expect(names(["--only", "power-cut"])).toEqual(["power-cut"]);
  expect(names(["--overlap"])).not.toContain("slot-dropped");
});

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
      faults: FAULTS.zookeeper,
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
  ];
  const options = parseOptions(args, 42)!;
  expect(options.faults.map(({ name }) => name)).toEqual(["kill-all", "pause"]);
  expect(options).toMatchObject({ minutes: 10, rate: 1000, seed: 7, exactlyOnce: true, json: true });
  expect(parseOptions(["--help"], 42)).toBeUndefined();
});

test.each([
  [["--minutes", "0"], '--minutes is "0"; allowed is a whole number from 1 to 600'],
  [["--rate", "fast"], '--rate is "fast"; allowed is a whole number from 1 to 5000'],
  [["--seed", "-1"], "allowed are"],
  [["--only", "kill-me"], /^--only is "kill-me"; allowed are kill-postgres, kill-zookeeper, /],
  [["--coordination", "raft"], '--coordination is "raft"; allowed are zookeeper, kraft'],
  [
    ["--coordination", "kraft", "--only", "kill-zookeeper"],
    /^--only is "kill-zookeeper"; allowed are kill-postgres, kill-kafka, /,
  ],
  [
    ["--loud"],
    "allowed are --minutes, --rate, --seed, --coordination, --exactly-once, --cluster, --only, --list, --json, --help",
  ],
])("%j is refused", (args, message) => {
  expect(() => parseOptions(args, 42)).toThrow(message);
});

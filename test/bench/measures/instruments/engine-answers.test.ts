import { expect, test } from "@jest/globals";
import { cpuNanoseconds, engineAddress, residentBytes } from "../../../../bench/measures/instruments/engine-answers";

test.each([
  ["unix:///run/user/1000/docker.sock", { socketPath: "/run/user/1000/docker.sock" }],
  ["npipe:////./pipe/docker_engine", { socketPath: "//./pipe/docker_engine" }],
  ["tcp://10.0.0.5:2376", { host: "10.0.0.5", port: 2376 }],
  ["tcp://engine", { host: "engine", port: 2375 }],
])("DOCKER_HOST %s", (host, address) => {
  expect(engineAddress(host)).toEqual(address);
});

test("without DOCKER_HOST the engine is where it usually is", () => {
  expect(engineAddress(undefined)).toHaveProperty("socketPath");
});

test("an engine behind ssh is refused with what can be read", () => {
  expect(() => engineAddress("ssh://me@host")).toThrow(/DOCKER_HOST is "ssh:\/\/me@host"; .*unix:\/\//);
});

const cpu_stats = { cpu_usage: { total_usage: 42 } };

test("resident memory is anonymous and shared memory, whatever the version of the control groups", () => {
  const first = { cache: 900, rss: 60, active_anon: 40, inactive_anon: 50, active_file: 300, inactive_file: 570 };
  const second = { anon: 60, file: 900, shmem: 30, active_anon: 40, inactive_anon: 50 };
  for (const stats of [first, second]) {
    expect(residentBytes({ cpu_stats, memory_stats: { usage: 1000, stats } })).toBe(90);
  }
});

test("an engine that does not tell it is no zero", () => {
  expect(() => residentBytes({ cpu_stats, memory_stats: {} })).toThrow(/active_anon/);
});

test("CPU time is the engine's counter", () => {
  expect(cpuNanoseconds({ cpu_stats, memory_stats: {} })).toBe(42);
});

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { fullPools, fullPoolsText } from "../../../commands/start/full-pools";

/** After a failed start: a fake engine with these networks, and its answer when another one is made. */
const before = { ...process.env };
beforeEach(() => {
  process.env["PULUMI_STACK"] = "two";
});
afterEach(() => {
  process.env = { ...before };
});

async function cause(networks: string[], refused?: string) {
  const done: string[] = [];
  const ask = ([, verb, name]: string[]): Promise<string> => {
    if (verb === "ls") return Promise.resolve(networks.join("\n"));
    done.push(`${verb} ${name!.replace(/-[0-9a-f]{8}$/, "")}`);
    return refused === undefined ? Promise.resolve("") : Promise.reject(new Error(refused));
  };
  return { said: await fullPools(ask), done };
}

test.each([
  "Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
  "Error response from daemon: all predefined address pools have been fully subnetted",
])("an engine without addresses is reported, with the command that makes room: %s", async (refused) => {
  expect((await cause(["bridge", "host", "none"], refused)).said).toBe(fullPoolsText(3));
  expect(fullPoolsText(31)).toMatch(/^The engine has 31 networks, and no .* `docker network prune` takes away/);
});

test("a network that was made for the test is removed again, and other errors are reported elsewhere", async () => {
  expect(await cause(["bridge"])).toEqual({ said: undefined, done: ["create cdc-two-probe", "rm cdc-two-probe"] });
  expect((await cause(["bridge"], "permission denied")).said).toBeUndefined();
});

test("a stack that has its network is not delayed by the test", async () => {
  expect(await cause(["bridge", "cdc-two-net"], "fully subnetted")).toEqual({ said: undefined, done: [] });
});

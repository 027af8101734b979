import { beforeEach, expect, jest, test } from "@jest/globals";
import { upgradeVolume, type Cluster } from "../../../commands/upgrade-postgres/cluster";
import { endUpgrade } from "../../../commands/upgrade-postgres/container";

/** An engine, with the container or without it. */
let isThere: boolean;
/** What a removal says. */
let refusal: string | undefined;
let asked: string[];
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) => {
    asked.push(args.join(" "));
    if (args[0] === "ps") return Promise.resolve(isThere ? "0123" : "");
    isThere = false;
    return refusal === undefined ? Promise.resolve("") : Promise.reject(new Error(refusal));
  },
  dockerApart: (args: string[], input: string) => {
    asked.push(args.join(" "));
    return Promise.resolve(args[0] === "start" ? `read ${input}\nslot debezium 9` : "");
  },
}));
beforeEach(() => {
  isThere = false;
  refusal = undefined;
  asked = [];
});

test("pg_upgrade has a container that others know of: the stack's name and label", async () => {
  const cluster: Partial<Cluster> = { prefix: "cdc-dev", volume: "v", version: 17, user: "u", database: "d" };
  const { positions } = await upgradeVolume("image", { ...cluster, server: [] } as unknown as Cluster, 18, "select 1");
  expect([...positions]).toEqual([["debezium", 9n]]);
  expect(asked[0]).toMatch(/^create .*--name cdc-dev-postgres-upgrade --label cdc\.stack=cdc-dev /);
  expect(asked[1]).toBe("start --attach --interactive cdc-dev-postgres-upgrade");
});

test("nothing is removed where there is none", async () => {
  expect(await endUpgrade("cdc-dev")).toBe(false);
  expect(asked).toHaveLength(1);
});

test.each([undefined, "removal of container u is already in progress"])(
  "one that is left is gone at the end, whoever removes it: %p",
  async (said) => {
    [isThere, refusal] = [true, said];
    expect(await endUpgrade("cdc-dev")).toBe(true);
    expect(asked[1]).toBe("rm --force --volumes cdc-dev-postgres-upgrade");
  },
);

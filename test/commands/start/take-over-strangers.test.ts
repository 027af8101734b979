import { beforeEach, expect, jest, test } from "@jest/globals";
import { takeOver } from "../../../commands/start/take-over";

const asked: string[] = [];
const answers: Record<string, string> = {
  "network ls": "cdc-dev-net",
  "volume ls": "",
  "ps --filter": "adminer\t",
};
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) =>
    Promise.resolve(asked.push(args.join(" "))).then(() => answers[args.slice(0, 2).join(" ")] ?? ""),
}));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));
jest.mock("../../../commands/stack/known-resources", () => ({ knownResources: () => Promise.resolve([]) }));
jest.mock("../../../commands/upgrade-postgres/under-way", () => ({ rejectUpgrading: () => Promise.resolve() }));
jest.mock("../../../components/preflight/namesakes", () => ({
  namedLike: () => Promise.resolve([{ kind: "network", name: "cdc-dev-net", labelled: true }]),
}));

beforeEach(() => {
  asked.length = 0;
});

test("a take-over removes nothing while somebody else's container is on the network, and names it", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  await expect(takeOver()).rejects.toThrow(
    /^Nothing was removed: .*adminer has the network cdc-dev-net.*`npm start -- --take-over` again, after:\n {2}docker network disconnect cdc-dev-net adminer$/,
  );
  expect(asked.filter((each) => / rm /.test(` ${each}`))).toEqual([]);
});

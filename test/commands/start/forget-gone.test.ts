import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { CONTAINER, type Deployment, type Resource, VOLUME } from "../../../commands/stack/deployment";
import { forgetGone } from "../../../commands/start/gone";
import { resource } from "./resource";

const asked: string[][] = [];
const answers: Record<string, string> = {};
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) =>
    Promise.resolve(asked.push(args)).then(() => {
      const answer = answers[args[0]!] ?? "";
      if (answer.startsWith("Error")) throw new Error(answer);
      return answer;
    }),
}));

const imported: Deployment[] = [];
let exported: Deployment = {};
jest.mock("../../../commands/stack/stack-outputs", () => ({
  captured: ([, verb]: string[], input: string) => {
    if (verb === "import") imported.push((JSON.parse(input) as { deployment: Deployment }).deployment);
    return Promise.resolve(JSON.stringify({ version: 3, deployment: exported }));
  },
}));

describe("with a state of the local backend", () => {
  let folder: string;
  const before = { ...process.env };
  const stack = before["PULUMI_STACK"]?.split("/").pop() ?? "dev";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "state-"));
    Object.assign(process.env, { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_STACK: stack });
    asked.length = imported.length = 0;
    Object.assign(answers, {
      ps: "id-kafka running",
      network: "net-id",
      volume: "s-kafka-data s",
      image: "",
      start: "",
    });
    jest.spyOn(console, "error").mockImplementation(() => undefined);
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(folder, { recursive: true });
  });

  function writeState(deployment: Deployment): void {
    exported = deployment;
    const place = join(folder, ".pulumi", "stacks", "cdc");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${stack}.json`), JSON.stringify({ checkpoint: { latest: deployment } }));
  }

  test("before the first start, and after a destroy, the engine is not even asked", async () => {
    await forgetGone(false);
    writeState({});
    await forgetGone(false);
    expect(asked).toEqual([]);
  });

  test("the state forgets what is gone, and what others say of it", async () => {
    const connect = { ...resource(CONTAINER, "gone", "s-connect"), dependencies: [] };
    const consumer: Resource = {
      ...resource(CONTAINER, "id-kafka", "s-kafka"),
      dependencies: ["urn:s-connect", "urn:other"],
      propertyDependencies: { envs: ["urn:s-connect"], image: [] },
      deletedWith: "urn:other",
    };
    writeState({ resources: [connect, consumer] });
    await forgetGone(false);
    expect(imported).toEqual([
      { resources: [{ ...consumer, dependencies: ["urn:other"], propertyDependencies: { envs: [], image: [] } }] },
    ]);
  });

  test("an engine that has nothing of the stack may be another one than before: what runs on there is said", async () => {
    Object.assign(answers, { ps: "", network: "", volume: "", context: "unix:///run/other.sock" });
    writeState({ resources: [resource(CONTAINER, "gone", "s-connect")] });
    await forgetGone(false);
    expect(jest.mocked(console.error).mock.calls.flat().at(-1)).toMatch(
      /^The Docker engine \S+ has nothing of the stack: where the engine was switched, what was made before runs on in the other one/,
    );
  });

  test("what was stopped is started, and the state stays as it is", async () => {
    answers["ps"] = "id-kafka exited";
    writeState({ resources: [resource(CONTAINER, "id-kafka", "s-kafka")] });
    await forgetGone(false);
    expect(asked.at(-1)).toEqual(["start", "id-kafka"]);
    expect(imported).toEqual([]);
  });

  test.each([
    "Error starting userland proxy: listen tcp4 127.0.0.1:55432: bind: address already in use",
    "Error response from daemon: driver failed programming: Bind for 127.0.0.1:55432 failed: port is already allocated",
    "Error response from daemon: failed to bind host port 127.0.0.1:55432/tcp: address already in use",
  ])("one whose port somebody has taken is made again, with the port that is declared now: %s", async (start) => {
    const both = { ps: "id-kafka exited\nid-connect exited", inspect: "false id-kafka\ntrue id-connect" };
    Object.assign(answers, both, { start });
    const [taken, other] = [resource(CONTAINER, "id-kafka", "s-kafka"), resource(CONTAINER, "id-connect", "s-connect")];
    writeState({ resources: [taken, other] });
    await forgetGone(false);
    expect(asked.at(-1)).toEqual(["rm", "--force", "--volumes", "id-kafka"]);
    expect(imported).toEqual([{ resources: [other] }]);
  });

  test("topics that are there are not taken away unasked, as when ZooKeeper's volume is lost", async () => {
    const volumes = ["s-kafka-data", "s-zookeeper-data"].map((name) => resource(VOLUME, name, name));
    writeState({ resources: [...volumes, resource(CONTAINER, "id-kafka", "s-kafka")] });
    await expect(forgetGone(false)).rejects.toThrow(
      "Nobody is there to be asked; `npm start -- --yes` says that it is meant",
    );
    expect(asked.filter((args) => args.includes("rm"))).toEqual([]);
    expect(imported).toEqual([]);
    expect(console.error).toHaveBeenCalledWith(
      expect.stringMatching(
        /^Gone from .*: s-zookeeper-data\. .* records and dead letters in them: s-kafka-data\. The database stays/,
      ),
    );
    await forgetGone(true);
    expect(asked.filter((args) => args.includes("rm"))).toEqual([
      ["rm", "--force", "--volumes", "id-kafka"],
      ["volume", "rm", "s-kafka-data"],
    ]);
    expect(imported).toEqual([{ resources: [] }]);
  });

  test("a copy that somebody has put in place of a lost volume is not removed, and an empty volume is", async () => {
    const database = { ...resource(VOLUME, "s-postgres-data", "s-postgres-data") };
    database.inputs = { ...database.inputs, labels: [{ label: "cdc.stack", value: "s" }] };
    writeState({ resources: [database, resource(CONTAINER, "id-kafka", "s-kafka")] });
    Object.assign(answers, { volume: "s-postgres-data ", run: "/volume/PG_VERSION" });
    await expect(forgetGone(true)).rejects.toThrow(
      /^The volume s-postgres-data lacks the stack's label, and is not empty.*Nothing was removed[^]*docker volume create --label cdc.stack=s s-postgres-data/,
    );
    answers["run"] = "Error response from daemon: no such image";
    await expect(forgetGone(true)).rejects.toThrow("or could not be looked into");
    expect(asked.filter((args) => args.includes("rm"))).toEqual([]);
    answers["run"] = "";
    await forgetGone(true);
    expect(asked.filter((args) => args.includes("rm"))).toEqual([["volume", "rm", "s-postgres-data"]]);
  });

  test("one that cannot be started for another reason is not taken away", async () => {
    Object.assign(answers, { ps: "id-kafka exited", start: "Error response from daemon: no space left on device" });
    writeState({ resources: [resource(CONTAINER, "id-kafka", "s-kafka")] });
    await expect(forgetGone(false)).rejects.toThrow("no space left on device");
    expect(asked.at(-1)).toEqual(["start", "id-kafka"]);
  });
});

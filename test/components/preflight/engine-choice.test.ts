import { beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { defaultHost, engineRemedy, otherEngine } from "../../../components/preflight/engine-choice";

const answers = new Map<string, string>();
jest.mock("../../../components/engine", () => ({
  docker: ([what, host]: string[]) => {
    const answer = answers.get(what === "--host" ? host! : what!);
    return answer === undefined ? Promise.reject(new Error("Cannot connect")) : Promise.resolve(answer);
  },
}));

const COLIMA = "unix:///home/me/.colima/docker.sock";
const DEFAULT = defaultHost(process.platform);

beforeEach(() => {
  answers.clear();
  answers.set(COLIMA, "engine-of-colima");
  pulumi.runtime.setAllConfig({});
});

test.each([
  ["the default context", `default\t${DEFAULT}`, {}],
  ["a context that DOCKER_HOST names, too", `colima\t${COLIMA}`, { DOCKER_HOST: COLIMA }],
  ["a docker command without contexts", "", {}],
])("%s: one engine", async (_what, context, env) => {
  answers.set("context", context);
  expect(await otherEngine(env)).toBeUndefined();
});

test("a context that the plugin does not read is reported with the line that mends it", async () => {
  answers.set("context", `colima\t${COLIMA}`);
  expect(await otherEngine({})).toBe(
    `Docker's context "colima" names the engine at ${COLIMA}, and Pulumi's plugin for Docker, which knows no contexts, asks ` +
      `${DEFAULT}, where none answers. Tell it: \`export DOCKER_HOST=${COLIMA}\`; or use \`npm start\` and ` +
      "`npm run pulumi -- up`, which do that by themselves.",
  );
  answers.set(DEFAULT, "another");
  expect(await otherEngine({})).toContain(`asks ${DEFAULT}, which is another one.`);
});

test("two sockets of one engine are one engine", async () => {
  answers.set("context", `desktop-linux\t${COLIMA}`).set(DEFAULT, "engine-of-colima");
  expect(await otherEngine({})).toBeUndefined();
});

test("the plugin's own setting counts before DOCKER_HOST", async () => {
  answers.set("context", `colima\t${COLIMA}`);
  pulumi.runtime.setAllConfig({ "docker:host": COLIMA });
  expect(await otherEngine({})).toBeUndefined();
  pulumi.runtime.setAllConfig({ "docker:host": "tcp://elsewhere:2375" });
  expect(await otherEngine({ DOCKER_HOST: COLIMA })).toContain("asks tcp://elsewhere:2375, where none answers");
});

test("a version of the API that the engine does not have is told apart from an engine that does not run", () => {
  const said = "Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.41";
  expect(engineRemedy(said, { DOCKER_API_VERSION: "1.99" })).toContain("`unset DOCKER_API_VERSION`");
  expect(engineRemedy("Cannot connect to the Docker daemon", { DOCKER_API_VERSION: "1.41" })).toContain("Start Docker");
  expect(engineRemedy("Cannot connect to the Docker daemon", {})).toContain("Start Docker");
});

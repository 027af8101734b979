import { describe, expect, test } from "@jest/globals";
import { plan } from "../../../toolchain/plan/plan.mjs";

const pins = { pulumi: "3.274.1", plugins: {} };
const ready = {
  engine: { version: "20.10.24", says: "" },
  disk: { folder: "/var/lib/docker", gigabytes: 50 },
  baseImage: true,
  cli: { folder: "/usr/bin", version: "3.250.0", origin: "path" },
  plugins: {},
  packages: true,
  certificates: true,
};
const only = (facts) => plan({ ...ready, ...facts }, pins)[0];

describe("the backend that PULUMI_BACKEND_URL names", () => {
  const token = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions";
  const at = (backend, stackSays) => only({ stack: undefined, backend, stackSays });

  test("is refused by its name where the CLI has no state from there, before anything is made", () => {
    expect(at("nonsense", token)).toMatchObject({
      id: "stack",
      ways: [],
      problem: `PULUMI_BACKEND_URL is "nonsense", and the CLI has no state from there: ${token}`,
      remedy: expect.stringMatching(/^`unset PULUMI_BACKEND_URL` for the state in this folder\./),
    });
  });

  test("is shown without its password", () => {
    expect(at("https://me:secret@pulumi.example", token).problem).toContain('"https://…@pulumi.example"');
  });

  test("gets the first stack where it has none yet", () => {
    const none = "error: no stack selected; please use `pulumi stack select`";
    expect(only({ stack: undefined, backend: "file:///srv/state", stackSays: none, stacks: [] }).ways).toEqual([
      "create",
    ]);
  });
});

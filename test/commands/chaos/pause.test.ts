import { expect, jest, test } from "@jest/globals";
import { pause } from "../../../commands/chaos/tools/pause";
import type { docker } from "../../../components/engine";

const BUSY =
  "Error response from daemon: Cannot pause container 1: OCI runtime pause failed: unable to freeze: unknown";

test("a container whose processes are in the kernel is asked again until it is frozen", async () => {
  const ask = jest
    .fn<typeof docker>()
    .mockRejectedValueOnce(new Error(BUSY))
    .mockRejectedValueOnce(new Error(BUSY))
    .mockResolvedValue("cdc-dev-kafka");
  await pause("cdc-dev-kafka", ask);
  expect(ask.mock.calls.map(([args]) => args.join(" "))).toEqual(Array(3).fill("pause cdc-dev-kafka"));
});

test("any other error of the engine is told at once", async () => {
  const ask = jest.fn<typeof docker>().mockRejectedValue(new Error("No such container: cdc-dev-kafka"));
  await expect(pause("cdc-dev-kafka", ask)).rejects.toThrow("No such container: cdc-dev-kafka");
  expect(ask).toHaveBeenCalledTimes(1);
});

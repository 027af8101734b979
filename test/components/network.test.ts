import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import * as engine from "../../components/engine";
import { Network } from "../../components/network";

jest.mock("../../components/engine");

test("nothing requests the network while the image is built, however long that takes", async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => inputs,
  });
  const asked = jest.mocked(engine.docker).mockRejectedValueOnce(new Error("not found")).mockResolvedValue("an id");
  let built!: (image: string) => void;
  const image = new Promise<string>((resolve) => (built = resolve));
  const network = new Network("network", { prefix: "cdc-test", image });
  const early = new Promise((resolve) => network.early.apply(resolve));

  await new Promise((resolve) => network.networkName.apply(resolve));
  expect(asked).not.toHaveBeenCalled();

  built("cdc/kafka:1");
  expect(await early).toBe("cdc-test-net");
  expect(asked).toHaveBeenCalledTimes(2);
});

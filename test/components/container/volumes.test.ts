import { expect, test } from "@jest/globals";
import type * as pulumi from "@pulumi/pulumi";
import { volumeOptions } from "../../../components/container/container";

test("a volume that was taken over with a disk of its own is not made again because of that", () => {
  const parent = {} as pulumi.Resource;
  expect(volumeOptions(parent)).toEqual({ parent, ignoreChanges: ["driver", "driverOpts"] });
});

import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { imageLabels, readImageIds, renewedImages } from "../../../components/images/image-ids";
import { containerArgs } from "../../../components/container/container";
import { parseContainerList } from "../../../components/preflight/engine-lists";

test("the ids of named images are asked for at once, and nothing is asked without one", async () => {
  const asked: string[][] = [];
  const ask = (args: string[]) => Promise.resolve((asked.push(args), "sha256:a\nsha256:b\n"));
  expect(await readImageIds(["mine:1", "theirs:2"], ask)).toEqual({ "mine:1": "sha256:a", "theirs:2": "sha256:b" });
  expect(await readImageIds([], ask)).toEqual({});
  expect(asked).toEqual([["image", "inspect", "--format", "{{.Id}}", "mine:1", "theirs:2"]]);
});

test("a container of a named image has its id in a label, so another image under that name replaces it", async () => {
  const labelsOf = (imageIds: Record<string, string>) => {
    const stack = { prefix: "cdc-dev", network: "net", imageIds };
    const { labels } = containerArgs({ stack, role: "consumer", image: "mine:1", memoryMb: 1 });
    return new Promise<Record<string, string>>((resolve) =>
      pulumi
        .output(labels)
        .apply((all) => resolve(Object.fromEntries(all!.map(({ label, value }) => [label, String(value)])))),
    );
  };
  expect(await labelsOf({ "mine:1": "sha256:a" })).toMatchObject({ "cdc.image": "mine:1@sha256:a" });
  expect(await labelsOf({ "other:1": "sha256:a" })).not.toHaveProperty(["cdc.image"]);
  expect(imageLabels("cdc/kafka:0123456789ab")).toEqual({});
});

test("an image that is another one now is told with the containers that have the one of before", () => {
  const lines = [
    "dev-consumer\tdev\t\t1a\tmine:1@sha256:a",
    "dev-consumer-2\tdev\t\t2b\tmine:1@sha256:a",
    "dev-kafka\tdev\t\t3c\t",
    "dev-db\tdev\t\t4d\tpg:17@sha256:c",
    "other-consumer\tother\t\t5e\tmine:1@sha256:a",
  ];
  const told = (id: string) =>
    renewedImages("dev", { "mine:1": id, "pg:17": "sha256:c" }, parseContainerList(lines.join("\n")));
  expect(told("sha256:a")).toEqual([]);
  expect(told("sha256:b")).toEqual([
    "The image mine:1 is another one than that of dev-consumer, dev-consumer-2: the next `up` makes these anew.",
  ]);
});

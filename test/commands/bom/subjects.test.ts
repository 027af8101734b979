import { expect, test } from "@jest/globals";
import { fileNames, namedBy } from "../../../commands/bom/subjects";

test.each([
  ["postgres", { name: "postgres", version: "latest" }],
  ["localhost:5000/cdc/kafka:1", { name: "localhost:5000/cdc/kafka", version: "1" }],
  ["postgres@sha256:0a1b", { name: "postgres", version: "sha256:0a1b" }],
  ["postgres:17@sha256:0a1b", { name: "postgres", version: "sha256:0a1b" }],
])("%s", (image, named) => {
  expect(namedBy(image)).toEqual(named);
});

test("images of one name have a file each", () => {
  const images = ["cdc/kafka:1", "postgres:17", "postgres:18", "library/postgres@sha256:0a1b"];
  expect(fileNames(images.map(namedBy))).toEqual([
    ...["kafka", "postgres-17", "postgres-18"],
    "library-postgres-sha256-0a1b",
  ]);
});

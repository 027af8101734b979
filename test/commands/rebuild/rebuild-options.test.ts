import { expect, test } from "@jest/globals";
import { parseOptions } from "../../../commands/rebuild/rebuild-options";

test("all images, unless some are named", () => {
  expect(parseOptions([])).toEqual({
    images: ["kafka", "kafka-kraft", "connect", "postgres", "postgres-18", "consumer"],
    keepBase: false,
  });
  expect(parseOptions(["--only", "postgres", "--keep-base"])).toEqual({ images: ["postgres"], keepBase: true });
  expect(parseOptions(["--only", "consumer, kafka", "--only=kafka"])!.images).toEqual(["consumer", "kafka"]);
});

test("an unknown image's name is refused with the known ones", () => {
  expect(() => parseOptions(["--only", "posgres"])).toThrow(
    '--only names "posgres"; allowed are kafka, kafka-kraft, connect, postgres, postgres-18, consumer. Did you mean postgres?',
  );
  expect(() => parseOptions(["--all"])).toThrow("allowed are --only, --keep-base, --help");
});

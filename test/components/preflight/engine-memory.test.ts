import { expect, test } from "@jest/globals";
import { memoryTexts } from "../../../components/preflight/engine-memory";

const USUAL = { postgresMemoryMb: 512, kafkaMemoryMb: 768, connectMemoryMb: 1024, consumerMemoryMb: 384 };
const EIGHT_GB = 8 * 1024 ** 3;

test("a container that is given more memory than the engine has is refused by its setting", () => {
  expect(memoryTexts({ ...USUAL, postgresMemoryMb: 999_999, kafkaMemoryMb: 8193 }, EIGHT_GB)).toEqual([
    "cdc:postgresMemoryMb is 999999, and the Docker engine has 8192 MB of memory in all; allowed: " +
      "512 to 8192. `pulumi config rm postgresMemoryMb` leaves the default, 512.",
    expect.stringMatching(/^cdc:kafkaMemoryMb is 8193, and the Docker engine has 8192 MB/),
  ]);
});

test.each([
  ["all of it", { ...USUAL, connectMemoryMb: 8192 }, EIGHT_GB],
  ["the defaults", USUAL, EIGHT_GB],
  ["any, where the engine does not say", { ...USUAL, connectMemoryMb: 999_999 }, 0],
])("%s is no fault", (_what, settings, bytes) => {
  expect(memoryTexts(settings, bytes)).toEqual([]);
});

import { writeFileSync } from "node:fs";
import { beforeEach, expect, jest, test } from "@jest/globals";
import { up } from "../../../commands/start/up";

/** The steps that were done, in their order. */
let done: string[] = [];
let images = 0;
/** The file to write what is lost into, of each run. */
let asks: (string | undefined)[] = [];
jest.mock("../../../commands/stack/stack-outputs", () => ({
  pulumi: (args: string[], variables: Record<string, string>) => {
    if (variables["CDC_IMAGES_FIRST"] !== undefined) {
      done.push(`images: ${args.slice(args.indexOf("--target")).join(" ")}`);
      return Promise.resolve(images);
    }
    asks.push(variables["CDC_ASK_FILE"]);
    // The program refuses as long as the old broker exists.
    const refuses = !done.includes("broker removed");
    if (refuses) writeFileSync(variables["CDC_ANEW_FILE"]!, "");
    done.push(refuses ? "refused" : "up");
    return Promise.resolve(refuses ? 255 : 0);
  },
}));
jest.mock("../../../commands/start/remove-broker", () => ({
  removeBroker: () => Promise.resolve(done.push("broker removed")),
}));

beforeEach(() => {
  done = [];
  asks = [];
  images = 0;
});

test("another coordination: its image is made before the old broker is removed", async () => {
  expect(await up(["--yes"])).toBe(0);
  expect(done).toEqual([
    "refused",
    "images: --target **docker:index/remoteImage:RemoteImage::**",
    "broker removed",
    "up",
  ]);
  // Nobody is asked, and the program says what it costs all the same.
  expect(asks).toEqual(["", ""]);
});

test("an image that cannot be made leaves the broker as it is", async () => {
  images = 255;
  await expect(up(["--yes"])).rejects.toThrow(
    "The images that the settings ask for could not be made; the reason is above. The stack is as it was.",
  );
  expect(done).not.toContain("broker removed");
});

test("without a terminal to ask in, neither image nor broker is changed", async () => {
  await expect(up([])).rejects.toThrow("Nobody is there to be asked; `npm start -- --yes` says that it is meant");
  expect(done).toEqual(["refused"]);
});

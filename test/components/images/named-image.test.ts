import { expect, test } from "@jest/globals";
import { namedImage } from "../../../components/images/named-image";

/** A fake engine and a fake registry with these images. */
function engine(local: string[], registry: string[]) {
  const asked: string[] = [];
  const ask = (args: string[]): Promise<string> => {
    const name = args.at(-1)!;
    asked.push(args[0]!);
    if (args[0] === "pull" && registry.includes(name)) local.push(name);
    return local.includes(name) ? Promise.resolve(`{"of":"${name}"}`) : Promise.reject(new Error("no such image"));
  };
  return { asked, ask };
}

test("an image that the engine has is not pulled, and one that it has not is", async () => {
  const { asked, ask } = engine(["mine:1"], ["theirs:1"]);
  expect(await namedImage("kafkaImage", "mine:1", ask)).toBe('{"of":"mine:1"}');
  expect(asked).toEqual(["image"]);
  expect(await namedImage("kafkaImage", "theirs:1", ask)).toBe('{"of":"theirs:1"}');
});

test.each(["kafkaImage", "consumer", "postgresImage"])(
  "of %s one that cannot be had is refused by name",
  async (setting) => {
    await expect(namedImage(setting, "nowhere:1", engine([], []).ask)).rejects.toThrow(
      new RegExp(
        `:${setting} is "nowhere:1", which the engine does not have and could not pull: no such image\\. Name an image`,
      ),
    );
  },
);

import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";

/** The stacks whose containers were looked for; `undefined`: whichever a look takes for the selected one. */
const looked: (string | undefined)[] = [];
jest.mock("../../../commands/look/stack-look", () => ({
  ...jest.requireActual<object>("../../../commands/look/stack-look"),
  containersOf: (stack: string | undefined) => {
    looked.push(stack);
    return Promise.reject(new Error("looked"));
  },
}));
let selected: string;
jest.mock("../../../commands/stack/stack-outputs", () => ({ captured: () => Promise.resolve(`${selected}\n`) }));
let main: () => Promise<number>;
jest.mock("../../../commands/terminal/main", () => ({
  runMain: (given: () => Promise<number>) => {
    main = given;
  },
}));

const { argv, env } = process;
beforeEach(() => {
  // No local backend says that there is one stack only.
  process.env = { ...env, PULUMI_BACKEND_URL: "s3://states" };
  delete process.env["PULUMI_STACK"];
  looked.length = 0;
});
afterEach(() => {
  process.argv = argv;
  process.env = env;
});

test.each([
  ["replay", ["--beginning", "--yes"]],
  ["dead-letters", ["again", "--all", "--yes"]],
])("%s, which changes the stack, is about the one that is selected or named, and guesses none", async (file, args) => {
  await import(`../../../commands/${file}`);
  const run = (...more: string[]): Promise<number> => {
    process.argv = [...argv.slice(0, 2), ...args, ...more];
    return main();
  };
  selected = "";
  await expect(run()).rejects.toThrow("Which stack is meant is not known");
  expect(looked).toEqual([]);
  await expect(run("--stack", "three")).rejects.toThrow("looked");
  selected = "two";
  await expect(run()).rejects.toThrow("looked");
  expect(looked).toEqual(["three", "two"]);
});

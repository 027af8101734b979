import Module from "node:module";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { providerText } from "../../../program/dynamic/dynamic-resource";
import { packed } from "../../../program/dynamic/packed";

/** Loads a `__provider` as Pulumi's provider process does. */
function load(text: string): Record<string, unknown> {
  const module = new Module("provider") as Module & { _compile(text: string, file: string): void; paths: string[] };
  module.paths = [join(process.cwd(), "node_modules")];
  module._compile(text, join(process.cwd(), "provider.js"));
  return module.exports as Record<string, unknown>;
}

test("a packed module exports and requires what the module does, and its stack traces have its own lines", async () => {
  const text = `const { posix } = require("node:path");
    exports.file = posix.basename("a/ü.txt");
    exports.kafka = typeof require("kafkajs").Kafka;
    exports.fails = () => {
      throw new Error("here");
    };`;
  const found = load(await packed(text));
  expect(found).toMatchObject({ file: "ü.txt", kafka: "function" });
  expect(found.fails).toThrow(expect.objectContaining({ stack: expect.stringMatching(/provider\.js:5:/) }));
});

test.each(["components/capture/capture-provider", "components/connector/connector-provider"])(
  "%s takes less than half of its text's place in the state",
  async (entry) => {
    const text = await providerText(entry);
    const short = await packed(text);
    expect(short.length).toBeLessThan(0.5 * text.length);
    expect(load(short)).toMatchObject({ handler: expect.any(Function) as unknown });
  },
);

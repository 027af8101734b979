/** The consumer's folders depend on each other in one direction, and only one of them knows kafkajs. */
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "@jest/globals";

const files = readdirSync("consumer", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("page/"))
  .map((file) => join("consumer", file));

function importsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/ from "([^"]+)"/g)].map(([, path]) => path!);
}

function neighboursOf(file: string): string[] {
  return importsOf(file)
    .filter((path) => path.startsWith("."))
    .map((path) => `${normalize(join(dirname(file), path))}.ts`);
}

test("no file of the consumer imports itself by way of others", () => {
  const done = new Set<string>();
  const visit = (file: string, way: string[]): void => {
    if (way.includes(file)) throw new Error(`a circle of imports: ${[...way, file].join(" → ")}`);
    if (done.has(file)) return;
    // Files that the program and the commands share are outside, and know nothing of the consumer.
    for (const next of neighboursOf(file).filter((neighbour) => files.includes(neighbour))) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect([...done].sort()).toEqual([...files].sort());
});

test("the change room knows no other room", () => {
  const rooms = files
    .filter((file) => file.startsWith("consumer/change/"))
    .flatMap(neighboursOf)
    .map((file) => dirname(file));
  expect(new Set(rooms)).toEqual(new Set(["consumer", "consumer/change"]));
});

test("only the kafka room imports kafkajs", () => {
  const users = files.filter((file) => importsOf(file).includes("kafkajs")).map((file) => file.split("/")[1]);
  expect(new Set(users)).toEqual(new Set(["kafka"]));
});

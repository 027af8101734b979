import { expect, test } from "@jest/globals";
import { parsePlugins } from "../../../components/plugins/plugin-setting";

const SHA = "7b675694e926bbf607cb99c0af1b3f9adb5ab960a1428c641a02dad257e95d49";

test("folders and files from Maven, each with a name of its own", () => {
  const list = `./plugins/mine, org.apache.kafka:connect-file:3.9.2@sha256:${SHA},io.debezium:debezium-connector-mysql:3.6.0.Final:tar.gz:plugin@sha256:${SHA}`;
  expect(parsePlugins(list)).toEqual({
    plugins: [
      { name: "mine", folder: "./plugins/mine" },
      {
        ...{ name: "connect-file", coordinates: "org.apache.kafka:connect-file:3.9.2:jar" },
        ...{ packaging: "jar", sha256: SHA },
      },
      {
        name: "debezium-connector-mysql",
        coordinates: "io.debezium:debezium-connector-mysql:3.6.0.Final:tar.gz:plugin",
        ...{ packaging: "tar.gz", sha256: SHA },
      },
    ],
    problems: [],
  });
  // Kafka Connect would take a folder of the jar's name for the jar.
  expect(parsePlugins("./plugins/one.jar").plugins).toEqual([{ name: "one", folder: "./plugins/one.jar" }]);
  expect(parsePlugins("")).toEqual({ plugins: [], problems: [] });
});

test.each([
  ["a:b@sha256:" + SHA, 'has "a:b@sha256:'],
  ["a:b:1:war@sha256:" + SHA, "the packaging being jar, zip or tar.gz"],
  [
    "a:b:1",
    "put @sha256: and 64 hexadecimal digits behind it, as its publisher says them or `sha256sum b-1.jar` does.",
  ],
  ["a:b:1:zip:plugin@sha256:" + SHA.slice(1), "`sha256sum b-1-plugin.zip`"],
  ["a:b:1@md5:" + SHA, "without what it is known by"],
  ["./one/mine,./two/mine", "names two plugins that are called mine."],
  ["a:b:$(id)@sha256:" + SHA, 'has "a:b:$(id)'],
  ["./plugins/a;b", 'has "./plugins/a;b"; allowed: a folder or a jar'],
  ["..", 'has ".."; allowed: a folder'],
])("%s is refused", (list, reason) => {
  const { problems } = parsePlugins(list);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(reason);
});

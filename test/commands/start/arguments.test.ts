import { expect, test } from "@jest/globals";
import { checkArguments, START_ARGUMENTS, STOP_ARGUMENTS } from "../../../commands/start/arguments";
import { refuseSwallowed } from "../../../commands/terminal/usage";

test.each([
  [[]],
  [["--watch", "--yes"]],
  [["--refresh=true", "-y", "--parallel", "2"]],
  [["--target", "urn:pulumi:dev::cdc::x", "-m", "after the holidays"]],
  [["--target", "**:Connector::*", "--replace=**kafka**"]],
])("npm start takes %j", (args) => {
  expect(() => checkArguments(args, START_ARGUMENTS, { npm_config_yes: "true" })).not.toThrow();
});

test.each([
  [["--remov"], /^npm stop does not take "--remov"; allowed are --remove, .*\. Did you mean --remove\?$/],
  [["-remove"], /^npm stop does not take "-remove"; allowed are --remove, .*\. Did you mean --remove\?$/],
  [["now"], /^npm stop does not take "now"; allowed are /],
  [["--watch"], /^npm stop does not take "--watch"/],
])("npm stop does not take %j", (args, sentence) => {
  expect(() => checkArguments(args, STOP_ARGUMENTS, {})).toThrow(sentence);
});

test.each([
  [
    ["--target"],
    "--target lacks its value; allowed is the URN of a resource, as `npm run pulumi -- stack --show-urns`",
  ],
  [["--target", "cdc-dev-kafka"], '--target is "cdc-dev-kafka"; allowed is the URN of a resource'],
  [["-t", "kafka"], '-t is "kafka"; allowed is the URN of a resource'],
  [["--message"], "--message lacks its value; allowed is a value behind it"],
  [["--message="], '--message is ""; allowed is a value behind it'],
  [["--parallel", "many"], '--parallel is "many"; allowed is a whole number up to 9999'],
  [["-p=-1"], 'npm start does not take "-p=-1"; allowed are '],
  [["--parallel=-1"], '--parallel is "-1"; allowed is a whole number up to 9999'],
  [["--yes=maybe"], '--yes is "maybe"; allowed is true and false'],
  [["--watch=yes"], '--watch takes no value, and got "yes"'],
])("of %j the value is what npm start does not take, before it looks at anything", (args, sentence) => {
  expect(() => checkArguments(args, START_ARGUMENTS, {})).toThrow(sentence);
});

test("an option's missing value is not taken from the next option", () => {
  expect(() => checkArguments(["--parallel", "2", "3"], START_ARGUMENTS, {})).toThrow('npm start does not take "3"');
});

test("what npm kept for itself", () => {
  const env = { npm_lifecycle_event: "start", npm_config_watch: "true", npm_config_take_over: "" };
  expect(() => checkArguments([], START_ARGUMENTS, env)).toThrow(
    "npm took --watch --take-over for its own: what the command is to get stands after --, as in `npm start -- --watch --take-over`",
  );
  expect(() =>
    refuseSwallowed(["table", "json"], { npm_lifecycle_event: "verify", npm_config_json: "true" }),
  ).not.toThrow();
  expect(() => refuseSwallowed(["table"], { npm_lifecycle_event: "verify", npm_config_table: "a.b" })).toThrow(
    "as in `npm run verify -- --table`",
  );
});

test("the command refuses to select another stack, and says how to select it", () => {
  expect(() => checkArguments(["--stack", "two"], START_ARGUMENTS, {})).toThrow(
    /\. Another stack than the selected one: `pulumi stack select NAME`, or `PULUMI_STACK=NAME npm start`\.$/,
  );
});

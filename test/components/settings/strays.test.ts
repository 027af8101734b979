import { expect, test } from "@jest/globals";
import { strays } from "../../../components/settings/settings";

test("a setting of this project with another word before the colon is reported, plugins' own are not", () => {
  const keys = ["cdc:tables", "cdd:tables", "cdc-dev:password", "kafka:bootstrapServers", "docker:host", "aws:region"];
  expect(strays(keys, "cdc")).toEqual([
    "cdd:tables is read by nobody: settings of this project begin with cdc:. Did you mean cdc:tables?",
    "cdc-dev:password is read by nobody: settings of this project begin with cdc:. Did you mean cdc:password?",
  ]);
});

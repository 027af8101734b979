import { expect, test } from "@jest/globals";
import { cliRemedy } from "../../../commands/stack/cli-remedy";

// Messages of the CLI 3.274.1.
test.each([
  ["getting stack configuration: get stack secrets manager: incorrect passphrase", "export the right one."],
  [
    "getting stack configuration: get stack secrets manager: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /nowhere: no such file or directory",
    "`unset PULUMI_CONFIG_PASSPHRASE_FILE`",
  ],
  [
    "getting stack configuration: invalid YAML file: yaml: line 6: found a tab character that violates indentation",
    "Pulumi.<stack>.yaml, cannot be read: line 6, found a tab character that violates indentation. Mend that line;",
  ],
  [
    'getting stack configuration: yaml: unmarshal errors:\n  line 7: mapping key "cdc:postgresPort" already defined at line 3',
    'line 7, mapping key "cdc:postgresPort" already defined at line 3.',
  ],
  [
    "validating stack config: Stack 'dev' with configuration key 'tables' must be of type 'string'",
    "cdc:tables in Pulumi.<stack>.yaml is no string: `pulumi config set tables VALUE` writes one, `pulumi config rm tables`",
  ],
  ["validating stack config: bad value: illegal base64 data at input byte 0", "`pulumi config set --secret KEY`"],
  ["getting stack configuration: expected project to be an object, was 'string'", "it is to begin with `config:`"],
])("of %j it says what mends it", (says, remedy) => {
  expect(cliRemedy(`error: ${says}\n`, "cdc")).toContain(remedy);
});

test("a message that says everything itself gets no remedy", () => {
  expect(cliRemedy("error: update failed\n", "cdc")).toBeUndefined();
});

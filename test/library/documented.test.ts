/** Checks the documentation of arguments that other programs give: their authors see only this, in an editor. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import * as ts from "typescript";
import { SETTINGS } from "../../components/settings/setting-list";

/** The interfaces of arguments that other programs give. An argument may contain others. */
const ARGUMENTS: [file: string, ...interfaces: string[]][] = [
  ["components/connector/connector", "DebeziumConnectorArgs"],
  ["components/connector/config/postgres-source", "PostgresSourceArgs"],
  ["components/capture/capture", "PostgresCaptureArgs"],
  ["components/pipeline/pipeline-args", "PipelineArgs"],
  ["components/existing/existing-settings", "ExistingSettings"],
  ["components/cluster/cluster-settings", "ClusterSettings"],
];
/** Arguments whose default is not the text of a setting: required ones, those made of several settings, objects, lists, and files of the package. */
const OTHERWISE = new Set([
  ...[
    "password",
    "capturePassword",
    "tables",
    "connectorConfig",
    "handlerEnv",
    "postgresConfig",
    "consumerTopics",
    "connectPlugins",
    "connectSecrets",
  ],
  ...["initFolder", "handler"],
]);
/** Units of a number, in its name or its sentence. */
const UNIT =
  /(Ms|Mb|Seconds|Bytes)\b|second|\bMB\b|[Pp]ort\b|[Cc]opies|[Pp]artitions|[Ee]vents|[Bb]rokers|[Ww]orkers|[Cc]onsumers/;

interface Member {
  name: string;
  type: string;
  optional: boolean;
  text: string;
}

function membersOf(file: string, name: string): Member[] {
  const source = ts.createSourceFile(file, readFileSync(`${file}.ts`, "utf8"), ts.ScriptTarget.ES2022, true);
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`${file} has no interface ${name}`);
  return found.members.filter(ts.isPropertySignature).map((member) => {
    const docs = ts.getJSDocCommentsAndTags(member).map((doc) => doc.getText());
    const text = docs.join(" ").replaceAll(/\/\*\*|\n\s*\*\/|\*\/|\n\s*\*/g, " ");
    const { name: key, type, questionToken } = member;
    return {
      name: key.getText(),
      type: type?.getText() ?? "",
      optional: questionToken !== undefined,
      text: text.trim(),
    };
  });
}

const all = ARGUMENTS.flatMap(([file, ...names]) => names.map((name) => [name, membersOf(file, name)] as const));

describe.each(all)("%s", (name, members) => {
  const those = (which: (member: Member) => boolean): string[] => members.filter(which).map((each) => each.name);

  test("has a sentence for each argument, and what is taken in place of one that is left out", () => {
    expect(those(({ text }) => !/^\S.{10,}[.:]/s.test(text))).toEqual([]);
    expect(those(({ optional, text }) => optional && !text.includes("@default"))).toEqual([]);
  });

  test("says of each number what it is of", () => {
    const isNumber = (type: string): boolean => /^((pulumi\.)?In(put)?<)?number>?$/.test(type);
    expect(those(({ name: key, type, text }) => isNumber(type) && !UNIT.test(`${key} ${text}`))).toEqual([]);
  });

  if (name.startsWith("Pipeline") || name.endsWith("Settings"))
    test("has the defaults of the settings", () => {
      const defaults = new Map(Object.entries(SETTINGS).map(([key, setting]) => [key, setting.default]));
      const known = members.filter((each) => defaults.has(each.name) && !OTHERWISE.has(each.name));
      expect(known.length).toBeGreaterThan(2);
      const said = known.map((each) => [each.name, each.text.replace(/^.*@default /s, "")]);
      expect(said).toEqual(known.map((each) => [each.name, JSON.stringify(defaults.get(each.name))]));
    });
});

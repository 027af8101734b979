import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { initFiles } from "../../../components/preflight/init-files";
import { upload } from "../../../components/postgres";

let folder: string;
let warned: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-init-"));
  warned = [];
  jest.spyOn(pulumi.log, "warn").mockImplementation((text) => Promise.resolve(void warned.push(text)));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const put = (...names: string[]) => names.forEach((name) => writeFileSync(join(folder, name), name));

test("the files that run are those of SQL and shell, by their names", () => {
  put("02-rows.sql.gz", "README.md", "01-tables.sql", "03-more.sh");
  expect(initFiles(folder).map(({ name }) => name)).toEqual(["01-tables.sql", "02-rows.sql.gz", "03-more.sh"]);
});

test.each(["all.sql.xz", "all.sql.zst", "shop.dump", "shop.tar.gz"])(
  "a dump that nobody reads is refused: %s",
  (name) => {
    put("01-tables.sql", name);
    expect(() => initFiles(folder)).toThrow(`${join(folder, name)} (cdc:initFolder) is of a form that the first start`);
  },
);

test("a folder that is not there is refused by its setting", () => {
  expect(() => initFiles(join(folder, "nothing"))).toThrow(
    /cdc:initFolder is ".*nothing", which is no readable folder/,
  );
});

test("what looks as if it were to run, and does not, is named", () => {
  put("01-tables.sql", "02-rows.SQL", ".03-hidden.sql", "README.md");
  for (const below of ["rows", "notes"]) mkdirSync(join(folder, below));
  writeFileSync(join(folder, "rows/01.sql"), "select 1");
  expect(initFiles(folder).map(({ name }) => name)).toEqual(["01-tables.sql"]);
  expect(warned).toEqual([
    expect.stringMatching(/^\.03-hidden\.sql, 02-rows\.SQL, rows of cdc:initFolder will not run: /),
  ]);
});

test("a link is followed, and one to nowhere and a folder with such a name are refused in a sentence", () => {
  put("01-tables.sql");
  symlinkSync("01-tables.sql", join(folder, "02-link.sql"));
  expect(initFiles(folder).map(({ content }) => content.toString())).toEqual(["01-tables.sql", "01-tables.sql"]);
  symlinkSync("nothing", join(folder, "03-lost.sh"));
  expect(() => initFiles(folder)).toThrow(
    /03-lost\.sh \(cdc:initFolder\) is to run .* no file that can be read \(ENOENT/,
  );
  rmSync(join(folder, "03-lost.sh"));
  mkdirSync(join(folder, "04-folder.sql"));
  expect(() => initFiles(folder)).toThrow(/04-folder\.sql \(cdc:initFolder\) is to run .* \(EISDIR/);
});

test("more than can go through the state is refused before it is read, with the way out", () => {
  put("01-tables.sql", "02-rows.sql.gz", "notes.txt");
  truncateSync(join(folder, "02-rows.sql.gz"), 15 * 2 ** 20);
  truncateSync(join(folder, "notes.txt"), 2 ** 30);
  expect(initFiles(folder)).toHaveLength(2);
  truncateSync(join(folder, "02-rows.sql.gz"), 3 * 2 ** 30);
  expect(() => initFiles(folder)).toThrow(
    `${folder} (cdc:initFolder) has 3073 MB of files that the first start runs, the largest of them 02-rows.sql.gz, and 16 MB is the most, since they ` +
      "go through Pulumi's state. Nothing was changed. Leave there what makes the tables (`pg_dump --schema-only`), and load the rows with psql",
  );
});

test("an empty file is left out, because it does nothing, and an empty pack is refused", () => {
  put("01-tables.sql");
  writeFileSync(join(folder, "02-nothing.sql"), "");
  expect(initFiles(folder).map(({ name }) => name)).toEqual(["01-tables.sql"]);
  writeFileSync(join(folder, "03-nothing.sql.gz"), "");
  expect(() => initFiles(folder)).toThrow("03-nothing.sql.gz (cdc:initFolder) is empty, and a packed file never is.");
});

test.each([
  ["of UTF-8, as text", "a.sql", Buffer.from("select 'größe';\r\n"), { content: "select 'größe';\r\n" }],
  ["with a mark of UTF-8 in front, as text", "a.sql", Buffer.from("\ufeffselect 1;"), { content: "\ufeffselect 1;" }],
  ["of another encoding, as bytes", "a.sql", Buffer.from("größe", "latin1"), { contentBase64: "Z3L232U=" }],
  ["of UTF-16, as bytes", "a.sh", Buffer.from("\ufeffß", "utf16le"), { contentBase64: "//7fAA==" }],
  ["that is packed, as bytes", "a.sql.gz", Buffer.from("abc"), { contentBase64: "YWJj" }],
])("the container gets a file %s", (_, name, content, given) => {
  expect(upload({ name, content })).toEqual({ file: `/docker-entrypoint-initdb.d/${name}`, ...given });
});

import { execFileSync } from "node:child_process";
import type { Client } from "pg";
import type { JsonRow } from "../../../consumer/api";

/** The page with all types: each value as Postgres prints it, and as it arrived. */
export const TYPES_PAGE = "docs/types.md";

/** The row's values as Postgres prints them, by column; columns are named after their types. */
export async function printedRow(database: Client, table: string): Promise<Record<string, string>> {
  const { rows: columns } = await database.query<{ name: string }>(
    "select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 1 order by attnum",
    [table],
  );
  const list = columns.map(({ name }) => `"${name}"::text as "${name}"`).join();
  return (await database.query<Record<string, string>>(`select ${list} from ${table}`)).rows[0]!;
}

export function typesPage(printed: Record<string, string>, arrived: JsonRow): string {
  const names = Object.keys(printed).filter((name) => !name.startsWith("_"));
  const cell = (text: string) => `\`\` ${text.replaceAll("|", "\\|")} \`\``;
  const rows = names.map((name) => {
    const list = `_${name}` in printed ? cell(JSON.stringify(arrived[`_${name}`])) : "";
    return `| ${name} | ${cell(printed[name]!)} | ${cell(JSON.stringify(arrived[name]))} | ${list} |`;
  });
  const text = [
    "# Types",
    "",
    "Written by the test that asks the server for its types (`test/integration/consumer/every-type.ts`), from what arrived in a snapshot; the",
    "forms are told in [consumer.md](consumer.md#values). A name with a schema is a type of one's own, or an extension's.",
    "",
    "| type | Postgres prints | arrives as | an array of it and NULL |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
  // In a process of its own: it loads its parts in a way that jest does not support.
  const prettier = ["node_modules/prettier/bin/prettier.cjs", "--stdin-filepath", TYPES_PAGE];
  return execFileSync(process.execPath, prettier, { input: text, encoding: "utf8" });
}

/** What an entry of `tables` names: a table, or every table of a schema. */
export interface TablePattern {
  schema: string;
  /** Absent: every table of the schema. */
  table?: string;
}

const QUOTED = /"(?:[^"]|"")+"/.source;
const BARE = /[^".,*\s](?:[^".,*]*[^".,*\s])?/.source;
const ENTRY = new RegExp(`^\\s*(${QUOTED}|${BARE})\\s*\\.\\s*(\\*|${QUOTED}|${BARE})\\s*$`);

/** The entries of a list as a person writes it: a comma within double quotes is part of a name. */
export function splitEntries(list: string): string[] {
  return list.match(/(?:"[^"]*"?|[^,"])+|(?<=,|^)(?=,|$)/g) ?? [""];
}

/**
 * What an entry names: `schema.table` or `schema.*`. Names are taken as they are written, upper case included. A name with
 * a dot, a comma, a quote or a star must be in double quotes, as in psql: `public."a.b"`. A quote within is doubled.
 *
 * @returns a sentence with the reason when it names nothing
 */
export function parseEntry(entry: string): TablePattern | string {
  const pattern = readEntry(entry);
  return typeof pattern === "string" ? pattern : (nameTrouble(pattern) ?? pattern);
}

/** What an entry names, also when the table cannot be captured because of its name. */
export function readEntry(entry: string): TablePattern | string {
  if (entry.trim() === "") return "a table's name is empty: schema.table or schema.* is expected.";
  const [, schema, table] = ENTRY.exec(entry) ?? [];
  if (!schema || !table) {
    const hint = entry.includes(".")
      ? ' A name with a dot, a comma, a quote or * stands in double quotes, as in public."a.b".'
      : "";
    const example = entry.includes(".") ? "" : `, as in public.${entry.trim()}`;
    return `${entry.trim()} is no table: schema.table or schema.* is expected${example}.${hint}`;
  }
  return table === "*" ? { schema: unquoted(schema) } : { schema: unquoted(schema), table: unquoted(table) };
}

/** What an entry names. @throws with the reason when it names nothing */
export function patternOf(entry: string): TablePattern {
  const parsed = parseEntry(entry);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed;
}

/** Why a table of this name cannot be captured, whatever it holds; `undefined` when it can. */
export function nameTrouble({ schema, table }: TablePattern): string | undefined {
  for (const name of [schema, table ?? ""]) {
    const bytes = Buffer.byteLength(name);
    if (bytes > MOST_BYTES) {
      return (
        `${name} has ${bytes} bytes, and a name in Postgres has at most ${MOST_BYTES}: it was cut there when it was ` +
        "made. Name it as \\dt shows it."
      );
    }
    if (/^"|"$/.test(name)) {
      return `${nameOf({ schema, table })}: Debezium cannot ask for a name that begins or ends with a double quote. Rename it.`;
    }
    if (/''|``/.test(name)) {
      return `${nameOf({ schema, table })}: Debezium takes two quotes in a row for one, and loses its changes. Rename it.`;
    }
  }
  if (schema.includes(".")) {
    return (
      `${nameOf({ schema, table })}: the name of schema ${schema} holds a dot, and Debezium takes what is before the ` +
      "first dot for the schema. Rename it."
    );
  }
  if (/(?:^|\.)\*$/.test(table ?? "")) {
    return `${schema}.${table}: a table of that name cannot be told from every table of a schema. Rename it.`;
  }
  return undefined;
}

/** The server's NAMEDATALEN - 1. */
const MOST_BYTES = 63;

/** `schema.table` as the database has it, without quotes; `schema.*` for every table of the schema. */
export function nameOf({ schema, table }: TablePattern): string {
  return `${schema}.${table ?? "*"}`;
}

/** The normal form of a pattern as an entry, with quotes only where they are needed. */
export function entryOf({ schema, table }: TablePattern): string {
  return `${quotedIfNeeded(schema)}.${table === undefined ? "*" : quotedIfNeeded(table)}`;
}

function quotedIfNeeded(name: string): string {
  // A name that begins with `!` is quoted: the mark would leave the table out.
  return new RegExp(`^(?!!)${BARE}$`).test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

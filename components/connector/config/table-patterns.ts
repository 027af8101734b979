/**
 * The regular expression that Debezium's include list takes for one table. The list ignores case by itself (3.7.0), is
 * split at commas, and its entries are trimmed.
 *
 * @param table `schema.table` as the database has it
 * @example tablePattern("public.cash$") // "(?-i)public\\.cash\\$"
 */
export function tablePattern(table: string): string {
  return `(?-i)${escaped(table)}`;
}

/** The regular expression that Debezium's include list takes for all tables of a schema. */
export function schemaPattern(schema: string): string {
  return `(?-i)${escaped(schema)}\\..*`;
}

function escaped(name: string): string {
  return name.replace(/[.$()[\]{}+?^|*,\\]|\s$/g, (found) =>
    /[,\\\s]/.test(found) ? `\\x{${found.charCodeAt(0).toString(16)}}` : `\\${found}`,
  );
}

const ONE_TABLE = /^(?:\(\?-i\))?((?:[^\\$()[\]{}+?^|*]|\\x\{[0-9a-f]+\}|\\[^a-z0-9])+)$/i;

/** The one table that an entry of an include list stands for; `undefined` where it is a pattern for several. */
export function tableOfPattern(entry: string): string | undefined {
  return ONE_TABLE.exec(entry.trim())?.[1]?.replace(
    /\\(?:x\{([0-9a-f]+)\}|(.))/gi,
    (_, code?: string, plain?: string) => (code === undefined ? plain! : String.fromCharCode(parseInt(code, 16))),
  );
}

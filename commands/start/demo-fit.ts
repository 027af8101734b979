/** Whether the demo can be told with a stack's tables and settings. */
import type { Client } from "pg";
import { isTransformed, listedTransforms } from "../../components/connector/snapshot/transforms";

/** Where the story is written. */
export const TABLE = "public.customers";
const COLUMNS = ["first_name", "last_name", "email"];

type Config = Readonly<Record<string, unknown>>;

/**
 * The demo needs a captured table with an id that the database fills in, three texts, and no further column that must be given; and a connector that reads what it
 * writes.
 *
 * @returns why it is left out; null: it fits
 */
export async function whatStandsInTheWay(
  client: Client,
  topics: readonly string[],
  config: Config,
): Promise<string | null> {
  if (!topics.some((topic) => topic.endsWith(`.${TABLE}`))) return `${TABLE} is not one of cdc:tables`;
  const kept = keptBack(config);
  if (kept !== null) return kept;
  const { rows } = await client.query<{ name: string; type: string; fits: boolean }>(
    `select attname as name, format_type(atttypid, null) as type,
       case when attname = any($2) then typcategory = 'S'
            when attname = 'id' then typcategory = 'N' and (atthasdef or attidentity <> '')
            else not attnotnull or atthasdef or attidentity <> '' end as fits
     from pg_attribute join pg_type on pg_type.oid = atttypid
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [TABLE, COLUMNS],
  );
  const lacks = ["id", ...COLUMNS].filter((column) => !rows.some(({ name }) => name === column));
  if (lacks.length > 0) return `${TABLE} has no column ${lacks.join(", ")}`;
  const misfit = rows.find(({ fits }) => !fits);
  return misfit ? `column ${misfit.name} (${misfit.type}) of ${TABLE} is not one it can fill` : null;
}

/** Pure: settings with which no change of the demo can come. */
export function keptBack(config: Config): string | null {
  if (config["snapshot.mode"] === "initial_only")
    return "with cdc:snapshotMode initial_only the connector reads rows once, and no changes";
  const skipped = String(config["skipped.operations"] ?? "")
    .split(",")
    .map((each) => each.trim());
  const told = skipped.filter((each) => ["c", "u", "d"].includes(each));
  return told.length > 0
    ? `the connector skips operations that it is told with (skipped.operations: ${told.join(", ")})`
    : null;
}

/** Pure: the sentence for a change that did not come, where somebody's transforms may have dropped it. */
export function maybeDropped(config: Config, waitMs: number): string | null {
  if (!isTransformed(config)) return null;
  const names = listedTransforms(config).join(", ");
  return (
    `no change of its row came within ${waitMs / 1000} s, and the connector's transforms (${names}) may drop it. ` +
    "`npm run doctor` says whether all else works"
  );
}

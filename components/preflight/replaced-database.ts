/** A `cdc:databaseUrl` in a stack that has rows of its own: the database's volume would leave the program, and be deleted. */
import { lastApplied } from "./applied";
import type { EngineLists } from "./engine-lists";
import { databaseContainer, type MadeDatabase } from "./first-start";
import type { Settings } from "../settings/settings";

/**
 * The volume decides, and not the container: one that somebody removed leaves the rows where they are.
 *
 * @param made the stack's container, undefined without one
 * @returns a sentence where rows that are nowhere else would be deleted without a word
 * @throws pulumi.RunError where the engine could not be asked
 */
export async function replacedDatabase(
  { prefix }: Pick<Settings, "prefix">,
  made: MadeDatabase | undefined,
  lists: Pick<EngineLists, "volumes">,
): Promise<string | undefined> {
  const volume = `${prefix}-postgres-data`;
  if (made !== undefined) return replacedText(prefix, `container ${databaseContainer(prefix)}`);
  if (!(await lastApplied()).volumes.includes(volume)) return undefined;
  // One that is gone from the engine has no rows any more.
  if (!(await lists.volumes()).some(({ name }) => name === volume)) return undefined;
  return replacedText(prefix, `volume ${volume}, whose container ${databaseContainer(prefix)} is not there`);
}

/** Pure. */
function replacedText(prefix: string, where: string): string {
  return (
    `This stack has a database of its own (${where}), and its rows would go with it if cdc:databaseUrl took its place. Nothing was ` +
    "changed. To keep it: `pulumi config rm databaseUrl`, then `npm start`. To part with it: save what is needed of it, and take it away " +
    `with \`npm stop\`; or use another stack for the other database: ${prefix} goes on beside it.`
  );
}

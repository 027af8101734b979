/** Looks at a database for a check: what is there already, without changing anything and without an endless wait. */
import { type DatabaseFacts, readFacts } from "../facts/database-facts";
import type { CaptureInputs } from "../capture-types";
import { isLasting, session, withRemedy } from "./capture-session";
import { tellingWhoHolds } from "./held";

/**
 * The most that a look waits for a lock. It is longer than `tellingWhoHolds` takes to find who holds it. The setting ends with the transaction, so that
 * a session that a pooler lends stays unchanged.
 */
const BEGIN = "BEGIN READ ONLY; SET LOCAL lock_timeout = '5s'";

/**
 * Reads the catalogue, once the server lets somebody in.
 *
 * @throws as `session` does; what happened after the login is `inside`, and where somebody holds a lock, the error has who that is as `held`
 */
export function lookAtFacts(inputs: CaptureInputs, deadlineMs: number): Promise<DatabaseFacts> {
  return session(inputs, deadlineMs, (client) =>
    tellingWhoHolds(inputs, client, async () => {
      await client.query(BEGIN);
      const facts = await readFacts(client, inputs);
      await client.query("COMMIT");
      return facts;
    }).catch((error: Error) => {
      throw Object.assign(error, { inside: true });
    }),
  );
}

/** Why a server that lets adminUser in cannot be looked at, with the remedy; undefined where a later try may succeed. */
export function unseenWords({ host, port, database }: CaptureInputs, error: Error): string | undefined {
  const { inside, code } = error as { inside?: boolean; code?: string };
  if (!inside || !isLasting({ code })) return undefined;
  return `Database ${database} at ${host}:${port} cannot be looked at: ${withRemedy(error)}`;
}

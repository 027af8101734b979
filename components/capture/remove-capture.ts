import { countsAsGone, GONE_WAYS, isSaidGone, renewWays } from "../../program/dynamic/gone";
import { readFacts } from "./facts/database-facts";
import { fateOf, removeRest } from "./dropped-database";
import { ownedText, ownsNotes, releaseSql } from "./capture-sql";
import { sharedIdentities } from "./notes";
import { asRole, explained, isGone } from "./session/capture-session";
import { tellingWhoHolds } from "./session/held";
import { releaseSlot } from "./session/release-slot";
import { inTransaction } from "./session/transaction";
import type { CaptureOutputs } from "./capture-types";

/** The server's word that it has no database of that name. */
const NO_DATABASE = "3D000";

/**
 * Drops slot, publication and role, and gives tables back their replica identity, as far as the capture made them.
 *
 * @throws where something could not be removed, or the server does not answer and does not count as gone (`countsAsGone`). A capture whose database was
 * dropped counts as gone.
 */
export async function removeCapture(id: string, props: CaptureOutputs): Promise<void> {
  const where = `delete capture ${props.publication} in ${props.database} at ${props.host}:${props.port}`;
  let shared: string[] = [];
  try {
    if (!props.keepSlot) await releaseSlot(asRole(props), props);
    await explained(where, { ...props, readyTimeoutSeconds: 5 }, (client) =>
      tellingWhoHolds(props, client, () =>
        inTransaction(client, async () => {
          const facts = await readFacts(client, props);
          const owned = ownedText(props, facts);
          if (owned !== undefined) throw new Error(owned);
          for (const sql of releaseSql(props, facts)) await client.query(sql);
          shared = ownsNotes(props, facts) ? sharedIdentities([], facts) : [];
        }),
      ),
    );
    for (const words of shared) console.error(words);
  } catch (error) {
    if ((error as { code?: string }).code === NO_DATABASE) {
      const fate = await fateOf(props);
      const { name: database } = fate;
      if (database === undefined) return console.error(await removeRest(props, fate));
      // A pooler may say that of one that is there.
      if (database !== props.database) return removeCapture(id, { ...props, database });
    }
    const isLeft = isGone(error) ? countsAsGone() : isSaidGone() && (error as { answered?: boolean }).answered !== true;
    if (!isLeft) throw stillThere(where, props, error as Error);
    console.error(
      `Postgres at ${props.host}:${props.port} does not answer, so capture ${props.publication} counts as gone with it. ` +
        `Should that server come back, slot ${props.slotName} keeps its log there for ever, until somebody runs: ` +
        `SELECT pg_drop_replication_slot('${props.slotName}'); Role ${props.role} and publication ${props.publication} stay there too.`,
    );
  }
}

/** Why a capture could not be removed. The state still has it, so that the next destroy tries again. */
function stillThere(where: string, { role, publication, slotName }: CaptureOutputs, error: Error): Error {
  const { message } = error;
  const { code, answered } = error as { code?: string; answered?: boolean };
  const what = message.startsWith(where) ? message : `${where}: ${message}`;
  const end = /[.!?]$/.test(what) ? "" : ".";
  const isShutOut = /^28/.test(code ?? "");
  const then = answered !== true ? `. ${GONE_WAYS}` : isShutOut ? `. ${RENEW}` : ": run this again.";
  return Object.assign(
    new Error(
      `${what}${end} Role ${role}, publication ${publication} and slot ${slotName} may still be in the database${then}`,
    ),
    { code },
  );
}

/** A destroy has no program, and so no other login than the state's. */
const RENEW = renewWays("databaseUrl", "postgres:Capture");

/** The connectors read all that was written, and are stopped with nothing left to tell. */
import type { SourceDatabase } from "../../components/connector/connector-types";
import type { Target } from "../../components/connector/rest/rest";
import type { Ask } from "../../components/connector/slot/connector-session";
import { rejectEnded } from "../processes/signals";
import { moveReader, type Reader, resumeReader, stopReader } from "./connectors";
import { otherSessions, passSilence, readUp, stillWritten } from "./drain";
import { inItsDatabase } from "./who-reads";

/** How many times the connectors may be resumed because something was written at the last moment. */
const TURNS = 3;

/** Stops the connectors after they have read all that was written. @throws when they do not come to an end */
export async function readOut(ask: Ask, at: SourceDatabase, target: Target, readers: readonly Reader[]): Promise<void> {
  for (let turn = 1; ; turn++) {
    let told = 0;
    for (const reader of readers) await readUp(ask, reader);
    for (const reader of readers) {
      rejectEnded();
      await stopReader(target, reader);
    }
    for (const reader of readers) {
      told += await inItsDatabase(at, reader, (own) =>
        passSilence(own, reader, (to) => moveReader(target, reader, to)),
      );
    }
    if (told === 0) return;
    if (turn === TURNS) throw new Error(stillWritten(told, await otherSessions(ask)));
    for (const reader of readers) await resumeReader(target, reader);
  }
}

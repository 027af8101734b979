/** `npm run upgrade-postgres`: upgrades the stack's database from Postgres 17 to 18. All data stays, and the stream of changes goes on. */
import { notesTable } from "../components/capture/tables/changed";
import { renoteTablesSql } from "../components/capture/notes";
import { type Ask, withSession } from "../components/connector/slot/connector-session";
import type { SourceDatabase } from "../components/connector/connector-types";
import { poll, tried } from "../components/poll";
import { clustersIn } from "../components/preflight/postgres-cluster";
import { EngineLists } from "../components/preflight/engine-lists";
import { bringUp } from "./start/bring-up";
import { docker, dockerApart } from "./processes/docker";
import { EndedError, endedBy, heeding, rejectEnded } from "./processes/signals";
import { thisStack } from "./stack/this-stack";
import { runMain } from "./terminal/main";
import { captured, type StackOutputs, stackOutputs } from "./stack/stack-outputs";
import {
  buildImages,
  type Cluster,
  clusterOf,
  removeUpgradeImages,
  unanalyzedText,
  upgradeVolume,
} from "./upgrade-postgres/cluster";
import { endedText, inTheWay, inTheWayText, placeOf } from "./upgrade-postgres/place";
import {
  moveReader,
  type Reader,
  resumeReader,
  resumeStopped,
  stoppedText,
  stopReader,
} from "./upgrade-postgres/connectors";
import { changedSentences, logicalSlots, rejectUnready } from "./upgrade-postgres/drain";
import { startOthers } from "./upgrade-postgres/others";
import { readOut } from "./upgrade-postgres/read-out";
import { endUpgrade } from "./upgrade-postgres/container";
import { FROM, TO } from "./upgrade-postgres/under-way";
import { takeUpgrade } from "./upgrade-postgres/upgrade-lock";
import { refusePending } from "./upgrade-postgres/pending";
import { addressOf, inItsDatabase, readersHere, targetOf } from "./upgrade-postgres/who-reads";
import { readArguments } from "./terminal/usage";

const HELP = `Brings the stack's database from Postgres 17 to 18, with all that is in it. Applications must not write meanwhile.

  npm run upgrade-postgres

Nothing is read again: the slot and its connector go on where they were. Settings that were changed since the last start, and lose
something, are refused before. The old cluster stays in the volume, as 17.before-18.
docs/upgrading.md says what happens, and how to go back.
`;

async function main(): Promise<number> {
  const { values } = readArguments({ args: process.argv.slice(2), options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const prefix = await thisStack();
  const cluster = await clusterOf(prefix);
  // It stays taken after a failure, so that the next start looks at what is in the volume.
  const lock = takeUpgrade(prefix);
  await endUpgrade(prefix);
  const present = await new EngineLists().images();
  await removeUpgradeImages(present);
  if (cluster.version >= TO) {
    console.error(`The stack's Postgres is of version ${cluster.version} already.`);
    await tellStopped(cluster).catch(() => undefined);
    lock.release();
    return 0;
  }
  const outputs = await stackOutputs();
  const ending = new AbortController();
  const stopped = await heeding(
    (signal) => {
      if (!ending.signal.aborted)
        console.error(`\n${signal}: the upgrade ends, once all is as it was or the same command can go on.`);
      ending.abort();
      // The engine does not end what a signal ends here.
      void endUpgrade(prefix).catch((error: Error) => console.error(error.message));
    },
    () => upgrade(cluster, outputs, present, ending.signal).catch(rejectSignalled),
  );
  await captured(["config", "set", "postgresVersion", String(TO)]);
  lock.release();
  console.error(`The volume is of PostgreSQL ${TO}, and the setting postgresVersion says so. Now the stack.`);
  // What is asked here came up while the upgrade was under way, or before a run that was killed.
  const code = await comeUp().catch((error: Error) => {
    throw retold(
      `The database is of PostgreSQL ${TO}, and the stack is not up again. \`npm start\` goes on, and asks the same:\n${error.message}\n` +
        stoppedText(outputs.connectUrl, stopped),
      error,
    );
  });
  if (code === 0) await goOn(stopped).catch(() => console.error(stoppedText(outputs.connectUrl, stopped)));
  else if (endedBy() !== undefined) console.error(stoppedText(outputs.connectUrl, stopped));
  else console.error(`\nOnce that is mended, \`npm start\` goes on. ${stoppedText(outputs.connectUrl, stopped)}`);
  return code;
}

/** Brings the stack up, unless a signal came while the volume was upgraded. */
async function comeUp(): Promise<number> {
  rejectEnded();
  return bringUp([]);
}

/** A failure that a signal has brought about says so, and has its exit code. */
function rejectSignalled(cause: Error): never {
  const signal = endedBy();
  if (signal === undefined || cause instanceof EndedError) throw cause;
  throw new EndedError(`\nEnded by ${signal}. ${cause.message}`, { cause });
}

/** A failure with more words: a signal's end stays one, and has its exit code. */
function retold(message: string, cause: unknown): Error {
  const Kind = cause instanceof EndedError ? EndedError : Error;
  return new Kind(message, { cause });
}

/** Resumes those of the stopped connectors that the stack does not declare: no `up` knows of them. */
async function goOn(stopped: readonly Reader[]): Promise<void> {
  const names = await resumeStopped(targetOf(await stackOutputs()), stopped);
  if (names.length > 0) console.error(`Connectors of your own go on, too: ${names.join(", ")}.`);
}

/** An upgrade that was killed at its very end may have left connectors stopped, or a person has: they are named alone. */
async function tellStopped(cluster: Cluster): Promise<void> {
  const outputs = await stackOutputs();
  const readers = await readersHere(cluster, targetOf(outputs), outputs.databaseUrl);
  const stopped = readers.here.filter(({ state }) => state === "STOPPED");
  if (stopped.length > 0) console.error(stoppedText(outputs.connectUrl, stopped));
}

/**
 * Upgrades the cluster.
 *
 * @param signal ends what goes on in processes of their own
 * @returns the connectors that are stopped now, with offsets from which they go on with the new server
 */
async function upgrade(
  cluster: Cluster,
  outputs: StackOutputs,
  present: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Reader[]> {
  const { databaseUrl, existing } = outputs;
  const clusters = () => clustersIn(cluster.volume, cluster.image);
  const found = await clusters();
  const others = inTheWay(found, FROM, TO);
  if (others.length > 0) throw new Error(inTheWayText(others, cluster.container, FROM));
  // Otherwise an earlier upgrade was interrupted after all had been read.
  const from = placeOf(found, FROM, TO);
  const isFirst = from === "before";
  const started = isFirst ? 0 : await startOthers(cluster, existing, from);
  const [at, target] = [addressOf(databaseUrl), targetOf(outputs)];
  const { here, elsewhere } = await readersHere(cluster, target, databaseUrl, started > 0);
  const readers = isFirst ? await withSession(at, (ask) => ready(ask, at, cluster, here, elsewhere)) : here;
  // The server of an upgrade that was interrupted does not answer. What is lost is asked at the end then.
  rejectEnded();
  if (isFirst) await refusePending(FROM, signal);
  const image = await buildImages(FROM, TO, present, signal);
  let isRun = !isFirst;
  try {
    if (isFirst) await withSession(at, (ask) => readOut(ask, at, target, readers));
    console.error("All that was written is in the topics. The server stops, and pg_upgrade copies its cluster.");
    rejectEnded();
    await dockerApart(["stop", "--time", "300", cluster.container]);
    rejectEnded();
    isRun = true;
    const noted = readers.filter(({ signalTable }) => signalTable !== "");
    const { positions, unanalyzed } = await upgradeVolume(
      image,
      cluster,
      TO,
      noted.map((each) => renoted(each, at.database)).join(""),
    );
    for (const each of unanalyzed) console.error(unanalyzedText(cluster, each));
    // Of an upgrade that was interrupted the slots are known only now. Their connectors ran before, or it would have refused them.
    const stopped = isFirst ? readers : readers.filter(({ slot }) => positions.has(slot));
    for (const reader of stopped) {
      if (!isFirst) await stopReader(target, reader);
      const position = positions.get(reader.slot);
      if (position !== undefined) await moveReader(target, reader, position);
    }
    return stopped;
  } catch (cause) {
    const { message } = cause as Error;
    // Only the client may have ended. A server must not be started beside pg_upgrade.
    const look = async () => placeOf(await clusters(), FROM, TO);
    const ended = isRun ? endUpgrade(cluster.prefix).then(look) : Promise.resolve("before" as const);
    const place = await ended.catch(() => undefined);
    if (place === "before") {
      await docker("start", cluster.container).catch(() => undefined);
      const slots = isFirst ? undefined : await withSession(at, (ask) => slotsOnceUp(ask)).catch(() => []);
      const were = slots ? readers.filter(({ slot }) => slots.includes(slot)).map(wasRunning) : readers;
      for (const reader of were) await resumeReader(target, reader).catch(() => undefined);
    }
    if (!isRun) throw cause;
    throw retold(endedText(message, place, FROM, TO), cause);
  } finally {
    await docker("image", "rm", image).catch(() => undefined);
  }
}

/** What psql takes to renew the notes of a connector's capture, in the database that it reads; nothing is done for a capture without notes. */
function renoted({ signalTable, publication, database }: Reader, own: string): string {
  return (
    `\\connect "${(database ?? own).replaceAll('"', '""')}"\n` +
    `DO $do$ BEGIN IF to_regclass('${notesTable(signalTable)}') IS NOT NULL THEN ` +
    `${renoteTablesSql({ signalTable, publication })}; END IF; END $do$;\n`
  );
}

/** An upgrade stops only what runs. */
const wasRunning = (reader: Reader): Reader => ({ ...reader, state: "RUNNING" });

/** The server's logical slots, once it answers. @param heed what ends the wait */
function slotsOnceUp(ask: Ask, heed?: () => void): Promise<string[]> {
  const look = (): ReturnType<typeof tried<string[]>> => {
    heed?.();
    return tried(logicalSlots(ask));
  };
  return poll<string[]>(look, { what: "the database", deadlineMs: 60_000 });
}

/** @returns the connectors that read from the server's slots @throws with all that forbids an upgrade */
async function ready(
  ask: Ask,
  at: SourceDatabase,
  cluster: Cluster,
  here: readonly Reader[],
  elsewhere: readonly Reader[],
): Promise<Reader[]> {
  // Somebody may have stopped the container, or a run that was killed.
  await docker("start", cluster.container);
  const slots = await slotsOnceUp(ask, rejectEnded);
  const readers = here.filter(({ slot }) => slots.includes(slot));
  rejectUnready(slots, readers, elsewhere);
  const changed = (await Promise.all(readers.map((reader) => inItsDatabase(at, reader, changedSentences)))).flat();
  if (changed.length > 0) throw new Error(changed.join("\n"));
  return readers;
}

runMain(main);

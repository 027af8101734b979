/** `npm run upgrade-postgres`: upgrades the stack's database from Postgres 17 to 18. All data stays, and the stream of changes goes on. */
import { notesTable } from "../components/capture/tables/changed";
import { renoteTablesSql } from "../components/capture/notes";
import type { Target } from "../components/connector/rest/rest";
import { type Ask, withSession } from "../components/connector/slot/connector-session";
import type { SourceDatabase } from "../components/connector/connector-types";
import { poll } from "../components/poll";
import { clustersIn } from "../components/preflight/postgres-cluster";
import { EngineLists } from "../components/preflight/engine-lists";
import { bringUp } from "./start/bring-up";
import { docker } from "./processes/docker";
import { whichStack } from "./look/which-stack";
import { runMain } from "./terminal/main";
import { captured, stackOutputs } from "./stack/stack-outputs";
import {
  buildImages,
  type Cluster,
  clusterOf,
  removeUpgradeImages,
  unanalyzedText,
  upgradeVolume,
} from "./upgrade-postgres/cluster";
import { endedText, placeOf } from "./upgrade-postgres/place";
import { moveReader, type Reader, readersOf, resumeReader, stopReader } from "./upgrade-postgres/connectors";
import {
  changedSentences,
  logicalSlots,
  otherSessions,
  passSilence,
  readUp,
  rejectUnready,
} from "./upgrade-postgres/drain";
import { refusePending } from "./upgrade-postgres/pending";
import { readArguments } from "./terminal/usage";

const HELP = `Brings the stack's database from Postgres 17 to 18, with all that is in it. Applications must not write meanwhile.

  npm run upgrade-postgres

Nothing is read again: the slot and its connector go on where they were. Settings that were changed since the last start, and lose
something, are refused before. The old cluster stays in the volume, as 17.before-18.
docs/upgrading.md says what happens, and how to go back.
`;

const [FROM, TO] = [17, 18] as const;
/** How many times the connectors may be resumed because something was written at the last moment. */
const TURNS = 3;

async function main(): Promise<number> {
  const { values } = readArguments({ args: process.argv.slice(2), options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const cluster = await clusterOf(await whichStack(undefined, Promise.resolve([])));
  const present = await new EngineLists().images();
  await removeUpgradeImages(present);
  if (cluster.version >= TO) {
    console.error(`The stack's Postgres is of version ${cluster.version} already.`);
    return 0;
  }
  const { connectUrl, connectToken, databaseUrl } = await stackOutputs();
  const target: Target = { url: connectUrl, token: connectToken, operation: "upgrade", until: Date.now() + 600_000 };
  await upgrade(cluster, target, databaseUrl, present);
  await captured(["config", "set", "postgresVersion", String(TO)]);
  console.error(`The volume is of PostgreSQL ${TO}, and the setting postgresVersion says so. Now the stack.`);
  // What is asked here came up while the upgrade was under way, or before a run that was killed.
  return bringUp([]).catch((error: Error) => {
    throw new Error(
      `The database is of PostgreSQL ${TO}, and the stack is not up again. \`npm start\` goes on, and asks the same:\n${error.message}`,
      { cause: error },
    );
  });
}

/** Upgrades the cluster. The connectors are stopped afterwards, with offsets from which they go on with the new server. */
async function upgrade(
  cluster: Cluster,
  target: Target,
  databaseUrl: string,
  present: ReadonlySet<string>,
): Promise<void> {
  const look = async () => placeOf(await clustersIn(cluster.volume, cluster.image), FROM, TO);
  // Otherwise an earlier upgrade was interrupted after all had been read.
  const isFirst = (await look()) === "before";
  const at = addressOf(databaseUrl);
  const readers = isFirst ? await withSession(at, (ask) => ready(ask, cluster, target)) : await readersOf(target);
  // The server of an upgrade that was interrupted does not answer. What is lost is asked at the end then.
  if (isFirst) await refusePending(FROM);
  const image = await buildImages(FROM, TO, present);
  let isRun = !isFirst;
  try {
    if (isFirst) await withSession(at, (ask) => readOut(ask, target, readers));
    else for (const reader of readers) await stopReader(target, reader);
    console.error("All that was written is in the topics. The server stops, and pg_upgrade copies its cluster.");
    await docker("stop", "--time", "300", cluster.container);
    isRun = true;
    const noted = readers.filter(({ signalTable }) => signalTable !== "");
    const { positions, unanalyzed } = await upgradeVolume(image, cluster, TO, noted.map(renoted).join(""));
    for (const each of unanalyzed) console.error(unanalyzedText(cluster, each));
    for (const reader of readers) {
      const position = positions.get(reader.slot);
      if (position !== undefined) await moveReader(target, reader, position);
    }
  } catch (cause) {
    const { message } = cause as Error;
    const place = isRun ? await look().catch(() => undefined) : "before";
    if (place === "before") {
      await docker("start", cluster.container).catch(() => undefined);
      for (const reader of readers) await resumeReader(target, reader).catch(() => undefined);
    }
    throw isRun ? new Error(endedText(message, place, FROM, TO), { cause }) : cause;
  } finally {
    await docker("image", "rm", image).catch(() => undefined);
  }
}

/** SQL that renews the capture's notes; empty for a capture without notes. */
function renoted({ signalTable, publication }: Reader): string {
  return (
    `DO $do$ BEGIN IF to_regclass('${notesTable(signalTable)}') IS NOT NULL THEN ` +
    `${renoteTablesSql({ signalTable, publication })}; END IF; END $do$;\n`
  );
}

function addressOf(databaseUrl: string): SourceDatabase & { query_timeout: number } {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const login = { user: username, password: decodeURIComponent(password) };
  return { host: hostname, port: Number(port), database: pathname.slice(1), ...login, query_timeout: 120_000 };
}

/** @returns the connectors that read from the server @throws with all that forbids an upgrade */
async function ready(ask: Ask, cluster: Cluster, target: Target): Promise<Reader[]> {
  // Somebody may have stopped the container, or a run that was killed.
  await docker("start", cluster.container);
  const slots = await poll<string[]>(
    () =>
      logicalSlots(ask).then(
        (value) => ({ done: true, value }),
        (error: Error) => ({ done: false, seen: error.message }),
      ),
    { what: "the database", deadlineMs: 60_000 },
  );
  const readers = (await readersOf(target)).filter(({ slot }) => slots.includes(slot));
  rejectUnready(slots, readers);
  const changed = (await Promise.all(readers.map((reader) => changedSentences(ask, reader)))).flat();
  if (changed.length > 0) throw new Error(changed.join("\n"));
  return readers;
}

/** Stops the connectors after they have read all that was written. @throws when they do not come to an end */
async function readOut(ask: Ask, target: Target, readers: readonly Reader[]): Promise<void> {
  for (let turn = 1; ; turn++) {
    let told = 0;
    for (const reader of readers) await readUp(ask, reader);
    for (const reader of readers) await stopReader(target, reader);
    for (const reader of readers) told += await passSilence(ask, reader, (to) => moveReader(target, reader, to));
    if (told === 0) return;
    if (turn === TURNS) throw new Error(stillWritten(told, await otherSessions(ask)));
    for (const reader of readers) await resumeReader(target, reader);
  }
}

function stillWritten(told: number, others: readonly string[]): string {
  return (
    `Applications still write: ${told} changes have come in the moment in which all was read. Stop them, and then once more. ` +
    `Connected are ${others.join(", ") || "none just now"}. Nothing was changed.`
  );
}

runMain(main);

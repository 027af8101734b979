import { type Blocker, blockerWords } from "../../../components/database/blockers";
import type { ChangedTable } from "../../../components/capture/tables/changed";
import { consequence, whatHappened } from "../../../components/capture/tables/changed-words";
import { lossIn, streams } from "../../../components/connector/slot/loss-look";
import { type Loss, lsnText, rewoundOf } from "../../../components/connector/slot/slot-loss";
import type { SlotState } from "../../../components/connector/slot/source";
import type { Answer } from "../answer";
import type { ConnectorLook } from "../connectors-look";
import type { ContainerLook } from "../containers-look";
import type { DatabaseLook, SlotLook } from "../database-look";
import type { Finding } from "../finding";
import { binaryBytes } from "../amounts";
import { silent } from "./silent";

/** The command that has all rows read again, for changes that are lost to the connector. */
const SNAPSHOT_AGAIN = "npm run pulumi -- config set snapshotMode when_needed && npm start";

/** Postgres itself. @param now milliseconds since 1970 */
export function databaseFindings(database: Answer<DatabaseLook>, postgres: ContainerLook, now: number): Finding[] {
  const { database: elsewhere } = postgres;
  const about = elsewhere ? `${elsewhere.host}:${elsewhere.port}` : `127.0.0.1:${postgres.ports["5432"]}`;
  if (!database.ok) {
    return [silent(["database", about, "Postgres"], database, postgres, now)];
  }
  const { version, walLevel } = database.value;
  const text = `PostgreSQL ${version.split(" ")[0]}, wal_level ${walLevel}`;
  if (walLevel === "logical") return [{ part: "database", about, mark: "good", text }];
  const remedy =
    psqlCommand(postgres, "ALTER SYSTEM SET wal_level = logical") +
    (elsewhere ? "" : ` && docker restart ${postgres.name}`);
  return [{ part: "database", about, mark: "bad", text: `${text}: it must be logical`, remedy }];
}

/** Heartbeats compare the catalogue with the notes, and fail without them. */
export function unnotedFindings(publications: readonly string[]): Finding[] {
  return publications.map((name) => ({
    ...{ part: "capture", about: `publication ${name}`, mark: "bad", remedy: "npm start" },
    text:
      "the capture's table `captured` is missing or of another version, so nothing warns when captured tables are altered, and Postgres keeps its log " +
      "while only other tables are written",
  }));
}

/** Captured tables whose topics do not tell all that they hold. */
export function changedTableFindings(tables: readonly ChangedTable[]): Finding[] {
  return tables.map((each) => ({
    ...{ part: "capture", about: each.table, mark: "bad", text: `${whatHappened(each)}: ${consequence(each)}` },
    ...(each.what === "dropped" || each.what === "renamed" ? {} : { remedy: "npm start" }),
  }));
}

interface SeenBeside {
  writtenBytes: number;
  endsBytes: number;
  losses: readonly string[];
  noConnector: boolean;
}

/**
 * The slot that the stack's connector reads from: whether it exists, whether it reaches back to the connector's offset, whether the log comes up to that,
 * and whether it is being read.
 *
 * @param connector undefined: it cannot be asked, or there is none
 * @param restart the command that restarts its task
 * @param seen how far the log is written and where it ends, what the consumer has seen of changes that are lost, and whether Kafka Connect says that it has no such connector
 */
export function slotFindings(
  name: string,
  slots: readonly SlotLook[],
  connector: ConnectorLook | undefined,
  postgres: ContainerLook,
  restart: string,
  { writtenBytes, endsBytes, losses, noConnector }: SeenBeside,
): Finding[] {
  const slot = slots.find((each) => each.name === name);
  const bad = { part: "slot", about: name, mark: "bad" } as const;
  const readBytes = connector?.readBytes ?? null;
  const missing = (from: number, to: number): string =>
    `the ${Math.max(0, to - from).toLocaleString("en-US")} bytes of log`;
  const loss = lossNow(slot, endsBytes, connector);
  if (loss?.kind === "rewound")
    return [{ ...bad, text: `${slot ? "" : "there is no such slot, and "}${rewound(loss)}`, remedy: SNAPSHOT_AGAIN }];
  if (!slot && connector && !streams(connector.config))
    return [
      {
        ...bad,
        mark: "note",
        text: "none: with snapshotMode initial_only the connector reads rows once, and no changes",
      },
    ];
  if (!slot) {
    const text = "there is no such slot: Postgres keeps no changes for the connector";
    // A connector that has read nothing yet makes the slot itself, as does one that a first start has not got to.
    if (noConnector || (connector && connector.readBytes === null)) return [{ ...bad, text, remedy: "npm start" }];
    const lost =
      readBytes === null ? "" : `; ${missing(readBytes, writtenBytes)} since what it has read are lost to it`;
    return [{ ...bad, text: text + lost, remedy: SNAPSHOT_AGAIN }];
  }
  if (slot.walStatus === "lost") {
    const why = slot.invalidation ? ` (${slot.invalidation})` : "";
    const text =
      `Postgres has removed log that the connector has not read${why}: ` +
      `${missing(readBytes ?? slot.confirmedBytes, writtenBytes)} since what it has read are lost to it`;
    return [{ ...bad, text, remedy: SNAPSHOT_AGAIN }];
  }
  if (loss?.kind === "passed") {
    const text =
      `moved by hand to ${slot.confirmed}, ${(loss.to - loss.from).toLocaleString("en-US")} bytes of log beyond what the connector has read: ` +
      "the changes in between are lost to it";
    return [{ ...bad, text, remedy: SNAPSHOT_AGAIN }];
  }
  const told = [keeping(slot), reading(slot, connector, postgres, restart)];
  // Slot and offset agree again after the connector has gone on: only the consumer, which saw the loss, tells of it.
  return [...losses.map((text) => ({ ...bad, text: withoutRemedy(text), remedy: SNAPSHOT_AGAIN })), ...told];
}

/** The remedy has a line of its own. */
function withoutRemedy(sentence: string): string {
  return sentence.split(". ")[0]!;
}

/** By the same rule as the refusals of an `up` and the consumer's warnings. */
function lossNow(
  slot: SlotLook | undefined,
  endsBytes: number,
  connector: ConnectorLook | undefined,
): Loss | undefined {
  const state: SlotState = {
    ...{ exists: slot !== undefined, active: slot?.active ?? false, reader: slot?.reader ?? "", caughtUp: false },
    ...(slot && { confirmed: BigInt(slot.confirmedBytes) }),
    ends: BigInt(endsBytes),
  };
  return connector === undefined ? rewoundOf(state, undefined) : lossIn(state, connector.readBytes, connector.status);
}

function rewound({ from, to }: Loss): string {
  return (
    `an older copy of the database is in its place, as after a volume or a snapshot was put back: its log ends at ${lsnText(to)}, ` +
    `${(from - to).toLocaleString("en-US")} bytes before ${lsnText(from)}, which the connector has read. What is written until the log is there again is lost to it, ` +
    "and the topics have changes that the copy has not"
  );
}

/** From this share of what Postgres may keep on. */
const NEARLY_FULL = 0.8;

function keeping(slot: SlotLook): Finding {
  const { name: about, keptBytes, safeBytes, walStatus, confirmed, behindBytes } = slot;
  const limit = safeBytes === null ? "" : ` of ${binaryBytes(keptBytes + safeBytes)} at most`;
  const text =
    `Postgres keeps ${binaryBytes(keptBytes)} of log${limit} (${walStatus}), confirmed ${confirmed}, ` +
    `${binaryBytes(behindBytes)} behind`;
  const full = walStatus === "unreserved" || (safeBytes !== null && keptBytes > NEARLY_FULL * (keptBytes + safeBytes));
  return { part: "slot", about, mark: full ? "warning" : "good", text };
}

function reading(
  slot: SlotLook,
  connector: ConnectorLook | undefined,
  postgres: ContainerLook,
  restart: string,
): Finding {
  const { name: about, active, reader } = slot;
  if (active) {
    const text = `read by ${reader || "a program without a name"}`;
    if (/debezium/i.test(reader)) return { part: "reading", about, mark: "good", text };
    const end = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${about}'`;
    return { part: "slot", about, mark: "bad", text: `${text}, not by Debezium`, remedy: psqlCommand(postgres, end) };
  }
  if (connector && connector.status.connector.state === "RUNNING" && connector.snapshot !== "done") {
    return { part: "reading", about, mark: "note", text: "not read yet: a snapshot is under way" };
  }
  const text = "nobody reads it: changes wait in Postgres, which keeps its log for them";
  return { part: "reading", about, mark: "bad", text, remedy: restart };
}

/** Slots of this server that no connector reads, for which its disk fills up all the same. None has a remedy: only its owner knows whether it is needed. */
export function strangeSlots(known: readonly string[], slots: readonly SlotLook[], postgres: ContainerLook): Finding[] {
  return slots
    .filter(({ name, active }) => !known.includes(name) && !active)
    .map((slot) => ({ part: "others", about: `slot ${slot.name}`, ...strange(slot, postgres) }));
}

/** The names of the notes that images/kafka/extensions/cdc/FreshSlot.java makes. They are physical slots, which have no database. */
const NOTE = /^cdc_anew_[0-9a-f]{8}_[0-9a-f]+(_deleted)?$/;

function strange(slot: SlotLook, postgres: ContainerLook): Pick<Finding, "mark" | "text"> {
  const { name, database, keptBytes, confirmed } = slot;
  if (database === null && NOTE.test(name)) {
    const text =
      "it keeps no log: with it a connector notes from where on changes are lost to it, until it has told the consumer. It removes the note itself; " +
      "without the note the loss would never be told";
    return { mark: "note", text };
  }
  const [owner, them] =
    database === null
      ? ["a standby or of a backup, which cannot go on", "it"]
      : [
          `another stack, or of another program on database ${database}, which loses the changes since ${confirmed}`,
          "them",
        ];
  const text =
    `nobody reads it, and Postgres keeps ${binaryBytes(keptBytes)} of log for it. It may be that of ${owner} when it is dropped. ` +
    `Only if nobody needs ${them}: ${psqlCommand(postgres, `SELECT pg_drop_replication_slot('${name}')`)}`;
  return { mark: "warning", text };
}

/** Transactions that nobody ends. Only whoever began one knows whether it is to be committed. */
export function openFindings(open: readonly Blocker[]): Finding[] {
  return open.map((each) => ({
    ...{ part: "others", about: "transaction", mark: "warning" },
    text: `${blockerWords(each)}: Postgres keeps all log since it began, and its locks are held`,
  }));
}

/** A statement for the database's superuser, as a command; of a database that somebody else runs, for its administrator. */
function psqlCommand(postgres: ContainerLook, statement: string): string {
  const { database: elsewhere } = postgres;
  if (elsewhere) return `psql -h ${elsewhere.host} -p ${elsewhere.port} -d ${elsewhere.database} -c "${statement}"`;
  const { POSTGRES_USER: user = "postgres", POSTGRES_DB: database = user } = postgres.environment;
  return `docker exec ${postgres.name} psql -U ${user} -d ${database} -c "${statement}"`;
}

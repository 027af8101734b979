import { MOST_RECORD_MB } from "../config/record-size";

/** The innermost cause of a stack trace on one line, and the remedy where one is known. */
export interface RootCause {
  cause: string;
  remedy?: string;
}

/** Marks a cause that lies outside the database: the task fails on it whatever the database's state. */
const BESIDE = "beside the database";

/** Known causes: what the trace says, what a person can do about it, and whether the cause lies outside the database. */
const REMEDIES: [RegExp, string | ((said: string) => string), typeof BESIDE?][] = [
  [
    /wal_level/i,
    "Start Postgres with wal_level=logical (ALTER SYSTEM SET wal_level = logical, then a restart of the server).",
  ],
  [
    /password authentication failed|no password was provided|SCRAM|role "[^"]*" does not exist/i,
    "Check database.user and database.password; a changed secret reaches Connect with the next `pulumi up`.",
  ],
  [/no pg_hba.conf entry/i, "Allow the role in pg_hba.conf, for the database and, on old servers, for `replication`."],
  [
    /replication slot .* is active|slot .* (already )?in use|slot is active/i,
    "Another client reads this slot: give each connector a slot.name of its own, or end that client.",
  ],
  [
    /all replication slots are in use|max_replication_slots/i,
    "Drop slots nobody reads (SELECT slot_name FROM pg_replication_slots WHERE NOT active) or raise max_replication_slots.",
  ],
  [
    /max_wal_senders|number of requested standby connections/i,
    "Raise max_wal_senders, or end walsenders that nobody needs (pg_stat_replication).",
  ],
  [
    /can no longer (get changes from|be used)|requested WAL segment .* removed|wal_status.*lost|invalidated|saved offset|no longer available on the server|replication slot .* does not exist/i,
    "The slot no longer reaches back to the connector's offset, so changes are lost. Set snapshot.mode=when_needed: " +
      "it reads all rows again.",
  ],
  [
    /publication .* does not exist|no publication|publication autocreation is disabled/i,
    "Create the publication that publication.name names (PostgresCapture does), or set publication.autocreate.mode=filtered.",
  ],
  [
    /must be superuser|must be owner|permission denied|insufficient privilege|must have (replication|REPLICATION)|replication role/i,
    "Grant the connector's role LOGIN, REPLICATION and SELECT on the captured tables (PostgresCapture does).",
  ],
  [/database "[^"]*" does not exist/i, "Check database.dbname."],
  [
    /relation "[^"]*" does not exist|no table filters|no tables? (found|to capture)/i,
    "Create the table, or take it out of table.include.list and of the publication.",
  ],
  [
    /not present in metadata|UNKNOWN_TOPIC_OR_PARTITION|UnknownTopicOrPartition|This server does not host this topic/i,
    "Create the topic first (a kafka.Topic the connector depends on), or set topic.creation.default.* in the config.",
    BESIDE,
  ],
  [
    /REPLICA IDENTITY alone of the row before/i,
    "Changes that are in the log already stay as they are. To get past them, take the table out of `tables` for one `npm start`, then name it again: its rows are read again.",
  ],
  [/RecordTooLarge|larger than .*max\.request\.size/i, tooLarge, BESIDE],
  [
    /Compacted topic cannot accept message without key/i,
    "A TRUNCATE, or a change in a table without a key, makes a record without a key, which a compacted topic does not take. Run " +
      "`pulumi config set cleanupPolicy delete`, then `pulumi up`: the connector goes on with that record, and nothing is lost.",
    BESIDE,
  ],
  [
    /host\.docker\.internal.*(refused|failed|timed out)/is,
    "From a container this machine is host.docker.internal: let the database listen there too (listen_addresses, pg_hba.conf and " +
      "firewall), or name it by its name in the network.",
  ],
  [
    /UnknownHost|Connection (to \S+ )?refused|connection attempt failed|timed out/i,
    "Check that the database answers at database.hostname and database.port as seen from the Connect worker.",
  ],
  [
    /Could not (read|find|load)|NoSuchFile|FileNotFound|not allowed|Missing required configuration "database.password"/i,
    "The worker does not have a file that the config refers to: see secretFiles, and config.providers of the worker.",
  ],
  [
    /OutOfMemory|Java heap space/i,
    "Give the Connect worker more heap, or lower max.queue.size and max.batch.size.",
    BESIDE,
  ],
];

/** The remedy for a record above the limit, with the MB that it needs. */
function tooLarge(said: string): string {
  const bytes = /message is (\d+) bytes/.exec(said)?.[1];
  const needed = bytes === undefined ? 32 : Math.ceil(Number(bytes) / 1024 / 1024);
  const without = "eave the large column out: column.exclude.list.";
  if (needed > MOST_RECORD_MB)
    return `cdc:maxRecordMb takes ${MOST_RECORD_MB} at most, and this one needs ${needed}. L${without}`;
  return (
    `Raise cdc:maxRecordMb (\`pulumi config set maxRecordMb ${needed}\`, then \`pulumi up\`); elsewhere message.max.bytes of broker ` +
    `and topic, max.request.size and buffer.memory of the producer. Or l${without}`
  );
}

/** The last "Caused by" of a stack trace on one line, with the remedy if the trace names a known trouble. */
export function rootCause(trace: string): RootCause {
  const cause = innermost(trace);
  const known = REMEDIES.find(([pattern]) => pattern.test(cause)) ?? REMEDIES.find(([pattern]) => pattern.test(trace));
  if (!known) return { cause };
  const [, remedy] = known;
  return { cause, remedy: typeof remedy === "string" ? remedy : remedy(trace) };
}

/** Whether the cause lies outside the database, so that the task fails on it whatever the database's state. */
export function isBesideDatabase(trace: string): boolean {
  const cause = innermost(trace);
  return REMEDIES.some(([pattern, , where]) => where === BESIDE && pattern.test(cause));
}

/** One sentence for an error message: the cause, then the remedy. */
export function explain(text: string): string {
  const { cause, remedy } = rootCause(text);
  const ended = /[.!?]$/.test(cause) ? cause : `${cause}.`;
  return remedy ? `${ended} ${remedy}` : ended;
}

function innermost(trace: string): string {
  const lines = trace.split(/\r?\n/);
  const causes = lines.flatMap((line, at) => (at === 0 || /^\s*Caused by: /.test(line) ? [at] : []));
  const start = causes[causes.length - 1] ?? 0;
  // A message may run over several lines; frames start with "at", folded ones with "...".
  const message = [lines[start] ?? ""];
  for (const line of lines.slice(start + 1)) {
    if (/^\s*(at |\.\.\. \d+)/.test(line)) break;
    message.push(line.trim());
  }
  const text = withoutInnards(message.join(" "))
    .replace(/^\s*Caused by: /, "")
    .replace(/^(?:[\w$]+\.)+([\w$]*(?:Exception|Error)): /, "$1: ")
    .replace(/\s+/g, " ")
    .trim();
  return text.length > 400 ? `${text.slice(0, 399)}…` : text || "no reason given";
}

/** A long message without texts in brackets: Debezium prints whole objects there, and the cause after them. */
function withoutInnards(text: string): string {
  if (text.length <= 300) return text;
  for (let [longer, shorter] = ["", text]; ;) {
    [longer, shorter] = [shorter, shorter.replace(/\[[^[\]]*\]/g, "…")];
    if (shorter === longer) return shorter;
  }
}

/** What the changes of captured tables mean, in words: `preview`, `up`, `npm run status`, `npm run doctor` and the page say them. */
import type { ChangedTable } from "./changed";

/** What happened to the table, as a sentence without a full stop. */
export function whatHappened({ table, what, was, now }: ChangedTable): string {
  switch (what) {
    case "dropped":
      return `${table} was dropped`;
    case "renamed":
      return `${table} was renamed to ${now}`;
    case "remade":
      return now === null
        ? `${table} was dropped and made again`
        : `${table} is called ${now} now, and another table has its name`;
    case "returned":
      return `${table} had another name for a while, or has another owner`;
    case "unpublished":
      return `${table} was taken out of the publication`;
    case "republished":
      return `${table} was out of the publication for a while, or only part of it was in`;
    case "reduced":
      return `the publication leaves changes of ${table} out`;
    case "blocked":
      return `applications can no longer UPDATE or DELETE in ${table}`;
    case "unidentified":
      return `the log does not have the whole key of rows that are deleted from ${table}`;
    case "thinned":
      return `the log does not have whole rows of ${table} from before a change any more`;
    case "rekeyed":
      return was === null && now === null
        ? `the key of ${table} was made again, is of another type, or has its columns in another order`
        : `the key of ${table} was ${keyText(was)} and is ${keyText(now)}`;
    case "relabelled":
      return `a value of an enum in ${table} was renamed`;
    case "attached":
      return `${now} was made by itself and then attached to ${table}`;
    case "apart":
      return `${table} has rows in ${now}, which is unlogged or inherits from it`;
    case "unnoted":
      return `${table} is published, and the capture's note of it is gone`;
    case "detached":
      return `partition ${now} was detached from ${table}, or dropped`;
    case "emptied":
      return `partition ${now} of ${table} was truncated by its own name, or written anew by VACUUM FULL or CLUSTER`;
    case "unlogged":
      return `partition ${now} of ${table} was unlogged for a while`;
    case "altered":
      return `ALTER TABLE changed a column of ${table} in rows that were there before`;
    case "unread":
      return `existing rows of ${table} are still to be read`;
  }
}

function keyText(columns: string | null): string {
  return columns ? `(${columns})` : "none";
}

/** Whether an `up` gives the table another id, by which its rows are read again: it exists, and changes of it were missed, or were written with another key. */
export function isReadAgain({ what }: ChangedTable): boolean {
  return !["dropped", "renamed", "blocked", "unidentified", "thinned", "apart", "unnoted", "unread"].includes(what);
}

/** What that means for its topic, and the remedy, as a sentence without a full stop. */
export function consequence({ what, now }: ChangedTable): string {
  switch (what) {
    case "dropped":
      return "its topic gets no more changes: take it out of `tables` if it is named there, then `npm start`";
    case "renamed":
      return `its changes are no longer read: name ${now} in \`tables\`, or rename it back, then \`npm start\``;
    case "blocked":
      return "its REPLICA IDENTITY does not fit any more: `npm start` mends that, or says what else does";
    case "unidentified":
      return "its REPLICA IDENTITY is another index, and the connector stops at the next DELETE, or UPDATE of that index: `npm start` mends that, or says what else does";
    case "thinned":
      return "its REPLICA IDENTITY was FULL, and `before` and large values that nobody touched may be missing from its changes: `npm start` sets it again";
    case "rekeyed":
      return "records around that moment may have either or none: `npm start` reads its rows again";
    case "relabelled":
      return "rows that hold it differ from their records, though nobody wrote them: `npm start` reads its rows again";
    case "attached":
      return "rows that it had before are in no topic: `npm start` reads all of them again";
    case "unnoted":
      return "nothing warns when it is altered or dropped: `npm start` notes it again";
    case "detached":
      return "the rows that it had stay in the topic: `npm start` reads the table's rows again";
    case "emptied":
      return "after TRUNCATE the rows that it had stay in the topic: `npm start` reads the table's rows again";
    case "unlogged":
      return "changes of its rows meanwhile are in no topic: `npm start` reads the table's rows again";
    case "altered":
      return "no record has the column's new name or values for these rows: `npm start` reads them again";
    case "unread":
      return "its topic lacks them, or has those of before: the `npm start` that is under way reads them, else the next one does";
    case "apart":
      return "changes of those rows are not captured: `npm start` says what mends that";
    default:
      return "rows and changes may be missing from its topic: `npm start` reads its rows again";
  }
}

import { sqlName } from "../names/sql-name";
import { escapeLiteral } from "pg";
import { notesTable } from "./tables/changed";
import type { DatabaseFacts } from "./facts/database-facts";
import type { CaptureInputs } from "./capture-types";

const USE_ROLE =
  "If it was made for this capture and must stay after it, set its password (existingRole and rolePassword; capturePassword in " +
  "this project).";

type Named = Pick<CaptureInputs, "role" | "publication" | "slotName" | "database" | "signalTable" | "owner">;

/**
 * The comment on role, publication and signal table that names their capture. It tells whose they are where no state does: the state
 * is lost, or the capture is replaced, and then the engine passes no former inputs to the check.
 */
export function markOf({ owner, slotName }: Pick<CaptureInputs, "owner" | "slotName">): string {
  return `Change data capture of ${owner ?? `slot ${slotName}`}. Goes with it.`;
}

/**
 * Pure: refusals for objects in the database that have this capture's names but are not its own: they have no comment of this capture, and
 * the state does not hold them.
 *
 * @param olds the inputs that were applied last in this database, whatever its name was then; empty on the first apply
 * @param given whether the inputs allow a role that somebody else made
 */
export function strangers(
  olds: Partial<CaptureInputs>,
  inputs: CaptureInputs,
  facts: DatabaseFacts,
  given = false,
): string[] {
  const isHeld = (key: keyof Named): boolean => olds[key] === inputs[key];
  const { role, publication, signal, notes } = facts;
  const mark = markOf(inputs);
  const found: Stranger[] = [];
  if (role && role.comment !== mark && !isHeld("role") && !given) {
    const name = inputs.role;
    const drop = `DROP OWNED BY ${name}; DROP ROLE ${name};`;
    found.push({ kind: "role", name, comment: role.comment, drop, then: USE_ROLE });
  }
  if (publication && publication.comment !== mark && !isHeld("publication"))
    found.push({ kind: "publication", name: inputs.publication, ...publication });
  if (signal && signal.comment !== mark && !isHeld("signalTable"))
    found.push({ kind: "signalTable", name: inputs.signalTable, ...signal });
  // A capture of an earlier version has the signal table in its state, and no notes table yet.
  if (notes && notes.comment !== mark && !(isHeld("signalTable") && otherCapture(notes.comment)))
    found.push({ kind: "signalTable", name: notesTable(inputs.signalTable), comment: notes.comment });
  const sentences = found.map((each) => strangerText(each, mark));
  return isHeld("slotName") ? sentences : [...sentences, ...strangeSlot(inputs, facts, mark)];
}

/** An object with the capture's name that has no mark of this capture. */
interface Stranger {
  kind: "role" | "publication" | "signalTable";
  name: string;
  comment: string | null;
  /** Its owner in the database, where no capture has marked it. */
  owner?: string;
  /** The statements that remove it, where one does not do. */
  drop?: string;
  /** What more it takes to take the object over. */
  then?: string;
}

const WORDS = { role: "Role", publication: "Publication", signalTable: "Table" };

function strangerText({ kind, name, comment, owner, drop, then = "" }: Stranger, mark: string): string {
  const word = WORDS[kind];
  const whose = otherCapture(comment) ?? (owner === undefined ? "somebody else" : `its owner ${owner}`);
  const take = `COMMENT ON ${word.toUpperCase()} ${name} IS ${escapeLiteral(mark)};${then && ` ${then}`}`;
  return (
    `${word} ${name} already exists and was not made by this capture: it seems to belong to ${whose}. Choose another name ` +
    `(${kind}; captureName in this project). If nothing needs it, run: ${drop ?? `DROP ${word.toUpperCase()} ${name};`} ` +
    `To give it to this capture, which then drops it at its own end, run: ${take}`
  );
}

/** A slot has no comment. It counts as this capture's where any role or publication has the capture's mark, whatever its name. */
function strangeSlot(inputs: CaptureInputs, { slot, marks }: DatabaseFacts, mark: string): string[] {
  const isMarked = marks.includes(mark) || inputs.keepSlot;
  const fits = slot?.database === inputs.database && slot.plugin === "pgoutput";
  if (!slot || (isMarked && fits)) return [];
  return [
    `Replication slot ${inputs.slotName} already exists and was not made by this capture: it seems to belong to another reader ` +
      `(${slot.active ? "at work now" : "not at work now"}, database ${slot.database ?? "none"}, plugin ${slot.plugin ?? "none"}). ` +
      "Choose another name (slotName; connectorName in this project). If nothing needs it, run: " +
      `SELECT pg_drop_replication_slot('${inputs.slotName}');`,
  ];
}

/** Pure: whether the comment is another capture's mark. Then the object has taken the place of this capture's, and is not dropped. */
export function isOthers(
  inputs: Pick<CaptureInputs, "owner" | "slotName">,
  comment: string | null | undefined,
): boolean {
  return comment !== markOf(inputs) && otherCapture(comment ?? null) !== undefined;
}

export function otherCapture(comment: string | null): string | undefined {
  const owner = /^Change data capture of (.+)\. Goes with it\.$/.exec(comment ?? "")?.[1];
  return owner === undefined ? undefined : `the capture of ${owner}`;
}

/**
 * The statements that mark the objects that are not marked yet.
 *
 * @param how `isAnew`: the publication has just been created. `given`: the role is somebody else's.
 */
export function markSql(
  inputs: Named,
  facts: DatabaseFacts,
  { isAnew, given }: { isAnew: boolean; given: boolean },
  id: (name: string) => string,
): string[] {
  const mark = markOf(inputs);
  const comment = (kind: string, name: string, now: string | null | undefined): string[] =>
    now === mark ? [] : [`COMMENT ON ${kind} ${name} IS ${escapeLiteral(mark)}`];
  return [
    ...(given ? [] : comment("ROLE", id(inputs.role), facts.role?.comment)),
    ...comment("PUBLICATION", id(inputs.publication), isAnew ? null : facts.publication?.comment),
    ...(inputs.signalTable
      ? [
          ...comment("TABLE", sqlName(inputs.signalTable), facts.signal?.comment),
          ...comment("TABLE", sqlName(notesTable(inputs.signalTable)), facts.notes?.fits ? facts.notes.comment : null),
        ]
      : []),
  ];
}

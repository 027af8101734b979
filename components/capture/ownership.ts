import { sqlName } from "../names/sql-name";
import { escapeLiteral } from "pg";
import { notesTable } from "./tables/changed";
import type { DatabaseFacts } from "./facts/database-facts";
import type { CaptureInputs } from "./capture-types";

const USE_ROLE =
  "If it was made for this capture and is to stay: say its password (existingRole and rolePassword; capturePassword in " +
  "this project).";

type Named = Pick<CaptureInputs, "role" | "publication" | "slotName" | "database" | "signalTable" | "owner">;

/**
 * The comment on role, publication and signal table that tells them from those of others where no state does: it is lost,
 * or the capture is replaced, when the engine has a check know nothing of what was before.
 */
export function markOf({ owner, slotName }: Pick<CaptureInputs, "owner" | "slotName">): string {
  return `Change data capture of ${owner ?? `slot ${slotName}`}. Goes with it.`;
}

/**
 * Pure: why what has our names in the database is not ours: it was there before, and has no mark of this capture. What
 * the state already holds is ours.
 *
 * @param olds the inputs that were applied last, or none
 * @param given whether the role is somebody else's by what is declared
 */
export function strangers(
  olds: Partial<CaptureInputs>,
  inputs: CaptureInputs,
  facts: DatabaseFacts,
  given = false,
): string[] {
  const isHeld = (key: keyof Named): boolean => olds[key] === inputs[key] && olds.database === inputs.database;
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
  // It is made where a capture of before had none, so what the state holds is not all that may be ours.
  if (notes && notes.comment !== mark && !(isHeld("signalTable") && otherCapture(notes.comment)))
    found.push({ kind: "signalTable", name: notesTable(inputs.signalTable), comment: notes.comment });
  const sentences = found.map((each) => strangerText(each, mark));
  return isHeld("slotName") ? sentences : [...sentences, ...strangeSlot(inputs, facts, mark)];
}

/** Something with our name that is not marked as ours. */
interface Stranger {
  kind: "role" | "publication" | "signalTable";
  name: string;
  comment: string | null;
  /** Who it seems to be of, where no capture has marked it. */
  owner?: string;
  /** What removes it, where that takes more than one statement. */
  drop?: string;
  /** What more it takes to have it as ours. */
  then?: string;
}

const WORDS = { role: "Role", publication: "Publication", signalTable: "Table" };

function strangerText({ kind, name, comment, owner, drop, then = "" }: Stranger, mark: string): string {
  const word = WORDS[kind];
  const whose = otherCapture(comment) ?? (owner === undefined ? "somebody else" : `its owner ${owner}`);
  const take = `COMMENT ON ${word.toUpperCase()} ${name} IS ${escapeLiteral(mark)};${then && ` ${then}`}`;
  return (
    `${word} ${name} is there already and was not made by this capture; it seems to be of ${whose}. Choose another name ` +
    `(${kind}; captureName in this project). If nothing needs it, run: ${drop ?? `DROP ${word.toUpperCase()} ${name};`} ` +
    `If it is to be taken over, and dropped with this capture: ${take}`
  );
}

/** A slot has no comment: whether it is ours follows from what is marked beside it, under whatever name, since that is what is replaced. */
function strangeSlot(inputs: CaptureInputs, { slot, marks }: DatabaseFacts, mark: string): string[] {
  const isMarked = marks.includes(mark) || inputs.keepSlot;
  const fits = slot?.database === inputs.database && slot.plugin === "pgoutput";
  if (!slot || (isMarked && fits)) return [];
  return [
    `Replication slot ${inputs.slotName} is there already and was not made by this capture; it seems to be of another reader ` +
      `(${slot.active ? "at work now" : "not at work now"}, database ${slot.database ?? "none"}, plugin ${slot.plugin ?? "none"}). ` +
      "Choose another name (slotName; connectorName in this project). If nothing needs it, run: " +
      `SELECT pg_drop_replication_slot('${inputs.slotName}');`,
  ];
}

/** Pure: whether it may be dropped: another's mark says that somebody has put a thing of theirs in its place. */
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
 * The statements that mark what is not marked yet.
 *
 * @param how whether the publication has just been made, in the place of one that was there or not; and whether the role is
 *   somebody else's
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

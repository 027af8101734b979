import { randomBytes } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Client } from "pg";
import { markedCapture, takesText } from "../database/capture-in-use";
import { asDrift, tellDrift } from "../../program/dynamic/drift";
import { served } from "../../program/dynamic/dynamic-wire";
import { hasUnknown } from "../../program/dynamic/unknown";
import { diffCapture, driftOf, shapeFailures } from "./capture-diff";
import { generatedColumns } from "./tables/generated";
import { tellingWhoHolds } from "./session/held";
import { capturable, readFacts, type DatabaseFacts } from "./facts/database-facts";
import { isElsewhere, isReaddressed } from "./elsewhere";
import { isGiven, rightsGiven } from "./role/given";
import { strangers } from "./ownership";
import { refusals } from "./tables/refusals";
import { withWayRound } from "./tables/way-round";
import { lockedOut, missingRights, rightsWords, type RoleStanding } from "./role/rights";
import { scramVerifier } from "./role/scram";
import { asRole, explained, session, shutOutWords } from "./session/capture-session";
import { lookAtFacts, unseenWords } from "./session/look";
import { captureSql } from "./capture-sql";
import { sharedIdentities } from "./notes";
import { removeCapture } from "./remove-capture";
import { tableIds } from "./tables/table-ids";
import { inTransaction } from "./session/transaction";
import { stockNotes } from "./tables/stock-columns";
import { certainTables, resolveTables } from "./tables/resolve-tables";
import type { CaptureInputs, CaptureOutputs } from "./capture-types";

/** The verbs of the resource. Each is idempotent; create and update are the same transaction. */
export const captureProvider: pulumi.dynamic.ResourceProvider<CaptureInputs, CaptureOutputs> = {
  check,
  diff: async (_id, olds, news) => diffCapture(olds, news),
  create: async (inputs) => ({ id: inputs.publication, outs: await apply("create", inputs) }),
  update: async (_id, olds, news) => ({ outs: await apply("update", news, olds) }),
  read,
  delete: removeCapture,
};

/** How long a check waits for a server that restarts, in milliseconds. The engine waits with it. */
const LOOK_MS = 2000;

async function check(before: Partial<CaptureOutputs>, news: CaptureInputs) {
  const inputs = declaredOf(news);
  const failures = shapeFailures(inputs);
  if (failures.length > 0 || hasUnknown(inputs.tables)) return { inputs, failures };
  inputs.captured = certainTables(inputs.tables);
  const unsure = [inputs.host, inputs.port, inputs.database, inputs.adminUser, inputs.adminPassword].some(hasUnknown);
  const facts = unsure
    ? undefined
    : await lookAtFacts(inputs, isFirst(before) ? 0 : LOOK_MS).catch((error: Error) => {
        const unseen = unseenWords(inputs, error);
        const shutOut = isSameWayIn(before, inputs) ? shutOutWords(inputs, error) : undefined;
        if (unseen !== undefined) failures.push({ property: "tables", reason: unseen });
        else if (shutOut !== undefined) failures.push({ property: "adminUser", reason: shutOut });
      });
  if (!facts) return { inputs, failures };
  if (facts.server.id !== undefined) inputs.server = facts.server.id;
  if (isReaddressed(before, inputs)) inputs.elsewhere = await isElsewhere(before, inputs, facts);
  // Nothing of what was applied is in another database.
  const olds = inputs.elsewhere ? {} : before;
  const { captured, missing } = resolveTables(inputs.tables, capturable(facts, inputs.signalTable), facts.others);
  // A table that resembles no existing one may be made by another resource of this update. The create decides then.
  const slips = missing.filter(({ near }) => near);
  if (missing.length === 0) {
    inputs.captured = captured;
    inputs.generated = generatedColumns(captured, facts);
    if (facts.notes) inputs.noted = facts.notes.ids;
  }
  const drift = driftSince(olds, inputs, facts);
  if (drift.length === 0 && isSame(olds, inputs) && (await isLockedOut(inputs))) {
    drift.push(`role ${inputs.role} cannot log in with its password`);
  }
  tellDrift(`Capture ${inputs.publication}`, drift);
  const forms = inputs.stock?.quiet ? [] : stockNotes(inputs, captured, facts.stock);
  if (forms.length > 0) console.error(`Published Debezium writes these columns differently\n${forms.join("\n")}`);
  const reasons = slips.map(({ pattern, reason }) => ({
    property: `tables[${inputs.tables.indexOf(pattern)}]`,
    reason,
  }));
  // A check does not see the outputs, which hold what a given role was granted.
  const standing = await standingOf({}, inputs, facts);
  const refused = troubles(olds, inputs, captured, facts, standing).map((reason) => ({ property: "tables", reason }));
  return { inputs: { ...inputs, ...asDrift(drift) }, failures: [...reasons, ...refused] };
}

/** The inputs without what a check fills in. */
function declaredOf({ ...inputs }: CaptureInputs): CaptureInputs {
  for (const key of ["drift", "captured", "generated", "noted", "server", "elsewhere"] as const) delete inputs[key];
  return inputs;
}

/** Whether the role is somebody else's, and whether its password fits. The latter is asked only where adminUser could not set it. */
async function standingOf(
  olds: Partial<CaptureOutputs>,
  inputs: CaptureInputs,
  facts: DatabaseFacts,
): Promise<RoleStanding> {
  const given = isGiven(olds, inputs, facts);
  const isAsked = facts.role !== undefined && (given || !facts.role.alterable);
  return { given, fits: isAsked && !(await isLockedOut(inputs)) };
}

/** Why the capture cannot be made as it is declared, with the remedies; empty: it can. */
function troubles(
  olds: Partial<CaptureOutputs>,
  inputs: CaptureInputs,
  captured: readonly string[],
  facts: DatabaseFacts,
  standing: RoleStanding,
): string[] {
  const found = [
    ...strangers(olds, inputs, facts, standing.given),
    ...withWayRound(inputs.tables, refusals(inputs, captured, facts, olds.captured)),
    ...(standing.given && !standing.fits ? [lockedOut(inputs)] : []),
  ];
  // Missing rights are reported only when nothing else is in the way: rights to another's objects are of no use.
  const rights = found.length > 0 ? [] : missingRights(inputs, captured, facts, standing);
  return rights.length > 0 ? [rightsWords(facts, inputs, rights)] : found;
}

/** Whether this is the first check. Postgres may have been started a moment ago then. */
function isFirst(olds: Partial<CaptureInputs>): boolean {
  return Object.keys(olds).length === 0;
}

function driftSince(olds: Partial<CaptureInputs>, news: CaptureInputs, facts: DatabaseFacts): string[] {
  return olds.captured && isSame(olds, news) ? driftOf(olds as CaptureInputs, olds.captured, facts) : [];
}

/** @param olds of this database: none where it is another one */
function isSame(olds: Partial<CaptureInputs>, news: CaptureInputs): boolean {
  const keys = ["role", "rolePassword", "publication"] as const;
  return keys.every((key) => olds[key] === news[key]);
}

/** Whether address and credentials are as before. Other ones may become valid in the same run: the stack's own Postgres gets its declared password. */
function isSameWayIn(olds: Partial<CaptureInputs>, news: CaptureInputs): boolean {
  return !diffCapture(olds as CaptureOutputs, news).changed.some((key) => /^(admin|host|port|data)/.test(key));
}

/** Whether the database refuses the role its password: somebody changed it by hand. */
async function isLockedOut(inputs: CaptureInputs): Promise<boolean> {
  return session(asRole(inputs), LOOK_MS, async () => false).catch(
    (error: { code?: string }) => error.code === "28P01",
  );
}

async function apply(verb: string, inputs: CaptureInputs, olds: Partial<CaptureOutputs> = {}): Promise<CaptureOutputs> {
  const where = `${verb} capture ${inputs.publication} in ${inputs.database} at ${inputs.host}:${inputs.port}`;
  let shared: string[] = [];
  const known = await explained(where, inputs, (client) =>
    tellingWhoHolds(inputs, client, () =>
      inTransaction(client, async () => {
        const facts = await readFacts(client, inputs);
        // Where the check had no answer, an update may meet another database.
        if (await isElsewhere(olds, inputs, facts))
          throw new Error(
            `is another database than ${olds.database} at ${olds.host}:${olds.port}. Run this again, which replaces the capture.`,
          );
        if (verb === "create") await rejectInUse(client, inputs);
        const standing = await standingOf(olds, inputs, facts);
        const tables = tablesToCapture(inputs, facts, olds, standing);
        const ids = tableIds(tables, facts, olds, randomBytes(4).toString("hex"));
        const given = standing.given ? rightsGiven(tables, facts, olds.given) : undefined;
        const verifier = standing.fits ? undefined : scramVerifier(inputs.rolePassword, randomBytes(16));
        for (const sql of captureSql(inputs, ids, facts, verifier, olds, given)) await client.query(sql);
        await rejectUngranted(client, inputs.role, tables);
        shared = sharedIdentities(tables, facts);
        return {
          ...{ captured: tables, generated: generatedColumns(tables, facts), tableIds: ids },
          ...(facts.server.id !== undefined && { server: facts.server.id }),
          captureId: olds.captureId ?? randomBytes(4).toString("hex"),
          ...(given && { given }),
        };
      }),
    ),
  );
  for (const words of shared) console.error(words);
  return { ...inputs, ...known };
}

/** @throws where the state has no capture, and one of this name is at work. A capture that is replaced has left the database by now. */
async function rejectInUse(client: Client, inputs: CaptureInputs): Promise<void> {
  const found = inputs.takeOver === true ? undefined : await markedCapture(client, inputs);
  const refused = found && takesText(inputs, found);
  if (refused !== undefined) throw new Error(refused);
}

/** The tables to capture. @throws with everything that would make the capture fail later */
function tablesToCapture(
  inputs: CaptureInputs,
  facts: DatabaseFacts,
  olds: Partial<CaptureOutputs>,
  standing: RoleStanding,
): string[] {
  const { captured, missing } = resolveTables(inputs.tables, capturable(facts, inputs.signalTable), facts.others);
  if (missing.length > 0) throw new Error(missing.map(({ reason }) => reason).join(" "));
  if (olds.role === undefined && facts.role?.superuser) {
    throw new Error(
      `Role ${inputs.role} exists and is a superuser. Name another role; it is made if it does not exist.`,
    );
  }
  const refused = troubles(olds, inputs, captured, facts, standing);
  if (refused.length > 0) throw new Error(refused.join(" "));
  return captured;
}

async function read(id: string, props?: Partial<CaptureOutputs>): Promise<pulumi.dynamic.ReadResult> {
  const known = props as CaptureOutputs;
  const facts = await lookAtFacts(known, 5000).catch((error: Error & { held?: string }) => {
    const why = error.held ? `${error.message}: ${error.held}` : error.message;
    console.error(
      `Postgres at ${known.host}:${known.port} cannot be asked (${why}): capture ${id} is shown as last applied.`,
    );
  });
  if (!facts) return { id, props: known };
  if (!facts.role && !facts.publication && !facts.slot) return {};
  const captured = (facts.publication?.tables ?? []).filter((table) => table !== known.signalTable);
  return { id, props: { ...known, captured } };
}

/**
 * Looks whether the grants took effect: where the granting role may not grant, Postgres only warns.
 *
 * @throws naming what the role may not read
 */
async function rejectUngranted(client: Client, role: string, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT w.name FROM unnest($2::text[]) w (name) JOIN pg_namespace n ON n.nspname = split_part(w.name, '.', 1) " +
      "JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = substr(w.name, strpos(w.name, '.') + 1) " +
      "WHERE NOT (has_schema_privilege($1, n.oid, 'USAGE') AND has_table_privilege($1, c.oid, 'SELECT'))",
    [role, tables],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name).join(", ");
  throw new Error(`Role ${role} may still not read ${names}: adminUser may not grant USAGE on the schema, or SELECT.`);
}

/** What Pulumi's provider process calls. */
export const handler = (): pulumi.dynamic.ResourceProvider => served(captureProvider);

import * as pulumi from "@pulumi/pulumi";
import { capturable } from "../capture/facts/database-facts";
import { resolveTables } from "../capture/tables/resolve-tables";
import type { FoundConnect } from "../existing/connect/look-at-connect";
import { type AppliedStack, lastApplied } from "../preflight/applied";
import { bare } from "../container/bare";
import { sentenceOnly } from "../sentence-only";
import { captureProvider } from "../capture/capture-provider";
import { explained } from "../capture/session/capture-session";
import { lookAtFacts, unseenWords } from "../capture/session/look";
import type { CaptureInputs } from "../capture/capture-types";
import type { PipelineArgs } from "../pipeline/pipeline-args";
import { captureArgs } from "./capture-args";
import { inUseText, markedCapture, takenOverText } from "./capture-in-use";
import { TAKE_OVER_VARIABLE, takeOverWay } from "../preflight/take-over-way";

type Asked = Omit<PipelineArgs, "found">;

/** How long an existing server may take to answer. It need not be waited for like one that is starting. */
const ANSWER_SECONDS = 5;

/**
 * Whether an existing database can be captured: it answers, lets the administrator in, and what is declared can be made in
 * it with the rights that there are. Changes nothing.
 *
 * @param connect the Connect cluster that somebody else runs
 * @throws pulumi.RunError with what is wrong and the way out
 */
export async function examineExisting(args: Asked, connect?: FoundConnect): Promise<void> {
  if (!args.existingDatabase) return;
  const applied = await lastApplied();
  const stored = applied.credentials.find(({ prefix }) => prefix === args.prefix);
  const rolePassword = args.capturePassword ?? stored?.rolePassword ?? "";
  const inputs = await inputsOf(args, rolePassword, connect);
  const where = `cdc:databaseUrl, ${inputs.database} at ${inputs.host}:${inputs.port}`;
  if (!applied.capture) await examineMarked(where, inputs, args.prefix);
  const checked = await explained(where, inputs, () => captureProvider.check!({} as CaptureInputs, inputs)).catch(
    sentenceOnly,
  );
  const reasons = (checked.failures ?? []).map(({ reason }) => reason);
  if (reasons.length > 0) throw new pulumi.RunError(reasons.join("\n"));
}

/**
 * Looks whether a stack of the same name, of which this state knows nothing, has captured the database. A check could not: it gets no state for a
 * capture that is replaced, whose connector is at work too.
 *
 * @param prefix of the stack
 * @throws pulumi.RunError where that capture is at work
 */
export async function examineMarked(
  where: string,
  inputs: CaptureInputs,
  prefix: string,
  env = process.env,
): Promise<void> {
  const there = await explained(where, inputs, (client) => markedCapture(client, inputs)).catch(sentenceOnly);
  if (!there) return;
  const refused = env[TAKE_OVER_VARIABLE] === prefix ? undefined : inUseText(inputs, there, takeOverWay(prefix));
  if (refused !== undefined) throw new pulumi.RunError(refused);
  await pulumi.log.warn(takenOverText(inputs));
}

/**
 * The same for tables that are new in the settings, in the database that the stack has. Nothing in this run can make such tables, but
 * topics of missing ones would be made all the same. A server that does not answer is reported elsewhere.
 *
 * @throws pulumi.RunError with what is wrong with them
 */
export async function examineAdded(args: Asked, applied: Pick<AppliedStack, "credentials">): Promise<void> {
  const stored = applied.credentials.find(({ prefix }) => prefix === args.prefix);
  const inputs = { ...(await inputsOf(args, stored?.rolePassword ?? "")), host: "127.0.0.1" };
  const facts = await lookAtFacts(inputs, 0).catch((error: Error) => {
    const unseen = unseenWords(inputs, error);
    if (unseen !== undefined) throw new pulumi.RunError(unseen);
  });
  if (!facts) return;
  const { missing } = resolveTables(inputs.tables, capturable(facts, inputs.signalTable), facts.others);
  const { failures = [] } = await captureProvider.check!({} as CaptureInputs, inputs);
  const reasons = new Set([...missing, ...failures].map(({ reason }) => reason));
  if (reasons.size > 0) throw new pulumi.RunError([...reasons].join("\n"));
}

async function inputsOf(
  args: Asked,
  rolePassword: pulumi.Input<string>,
  connect?: FoundConnect,
): Promise<CaptureInputs> {
  const known = await bare(pulumi.output(captureArgs(args, rolePassword, connect)));
  // The resource itself prints these notes in the same run.
  const quiet = known.stock && { stock: { ...known.stock, quiet: true } };
  return { ...known, ...quiet, keepSlot: false, readyTimeoutSeconds: ANSWER_SECONDS } as CaptureInputs;
}

import type * as pulumi from "@pulumi/pulumi";
import { asDrift, tellDrift } from "../../../program/dynamic/drift";
import { hasUnknown } from "../../../program/dynamic/unknown";
import { askConnect } from "../rest/ask-connect";
import { adoptionText } from "../config/adoption";
import { diffConnector, driftOf, hasAnother } from "../connector-diff";
import { unreadableTables } from "../snapshot/added-tables";
import { isPostgres, slotOf } from "../slot/source";
import { lossNow, readsAgain, refusal } from "../slot/loss-look";
import { getLive, type LiveConnector } from "../rest/live-connector";
import { targetOf, type Target } from "../rest/rest";
import type { ConnectorInputs, ConnectorOutputs } from "../connector-types";
import { isAnotherKafka, isReaddressed } from "./begin";
import { sameAddress } from "../rest/access";
import { takenText } from "./former";
import { moveLook } from "./move";
import { type CheckFailure, shapeFailures } from "./validate";
import { newLosses } from "./new-losses";

/** How long a preview may wait for Connect in total, in milliseconds. */
const LOOK_MS = 4000;

/**
 * Checks the inputs, with Connect's help when it answers at once, and says how the live connector has drifted. Runs
 * in every preview and again before each create and update.
 */
export async function check(
  olds: Partial<ConnectorInputs>,
  news: ConnectorInputs,
): Promise<pulumi.dynamic.CheckResult<ConnectorInputs>> {
  const { drift: _drift, ...inputs } = news;
  const failures = shapeFailures(inputs);
  const unsure = hasUnknown(inputs.connectUrl) || hasUnknown(inputs.connectorName) || typeof inputs.config === "string";
  if (failures.length > 0 || unsure) return { inputs, failures };
  const target = targetOf(inputs, `check ${inputs.connectorName}`, Date.now() + LOOK_MS);
  const [found, lost, namesake] = await Promise.all([
    lookForDrift(target, olds, inputs),
    lookForLoss(target, olds, inputs),
    lookForNamesake(target, olds, inputs),
  ]);
  if (namesake.told !== undefined) console.error(namesake.told);
  const lossRefused = lost === undefined || readsAgain(inputs.config) ? [] : [LOST(lost)];
  const refused = [...lossRefused, ...refusedTables(olds, inputs), ...(namesake.refused ?? [])];
  const drift = lost === undefined || lossRefused.length > 0 ? found : [...found, lost];
  tellDrift(`Connector ${inputs.connectorName}`, drift);
  const same = olds.config !== undefined && !diffConnector(olds as ConnectorOutputs, inputs).changes;
  const invalid = same ? [] : await askConnect(target, inputs, true);
  const replaced = announceReplacement(olds, inputs);
  if (replaced) console.error(replaced);
  return { inputs: { ...inputs, ...asDrift(drift) }, failures: [...invalid, ...refused] };
}

const LOST = (lost: string): CheckFailure => ({ property: 'config["snapshot.mode"]', reason: refusal(lost) });

/** Added tables that this connector cannot read. One of another name, or in another place, is made anew and reads all. */
function refusedTables(olds: Partial<ConnectorOutputs>, news: ConnectorInputs): CheckFailure[] {
  if (!isInPlace(olds, news) || olds.config === undefined || !isPostgres(news.config)) return [];
  if (hasUnknown(news.config["table.include.list"])) return [];
  if (hasAnotherSource(olds.config, news.config) || isAnotherKafka(olds, news) || isReaddressed(olds, news)) return [];
  const reason = unreadableTables({ ...olds, config: olds.config }, news);
  return reason === undefined ? [] : [{ property: 'config["table.include.list"]', reason }];
}

/** The loss that database and offsets tell now, else the one that the consumer saw when it happened (`missed`). */
async function lookForLoss(
  target: Target,
  olds: Partial<ConnectorOutputs>,
  news: ConnectorInputs,
): Promise<string | undefined> {
  if (olds.connectorName !== news.connectorName || news.state !== "RUNNING" || hasUnknown(news.database))
    return undefined;
  if (olds.config && hasAnotherSource(olds.config, news.config)) return undefined;
  if (isAnotherKafka(olds, news)) return undefined;
  // Offsets of another server's log tell nothing of this one's slot.
  if (isReaddressed(olds, news) && (olds.captureId === undefined || olds.captureId !== news.captureId))
    return undefined;
  const lost = await lossNow(target, news, olds.config && slotOf(olds.config));
  return lost ?? newLosses(olds.missed, news.missed);
}

/** Whether publication or prefix change. Then all rows are read again, and a slot that the same `up` has dropped is no loss. */
function hasAnotherSource(before: ConnectorInputs["config"], now: ConnectorInputs["config"]): boolean {
  return hasAnother("publication.name", before, now) || hasAnother("topic.prefix", before, now);
}

async function lookForDrift(target: Target, olds: Partial<ConnectorInputs>, news: ConnectorInputs): Promise<string[]> {
  const { config, state } = olds;
  if (!config || !state || !isInPlace(olds, news)) return [];
  const found = await liveConnector(target, news.connectorName);
  return found ? driftOf({ config, state }, found.live?.config, found.live?.status) : [];
}

/** What the preview says of a move from another Connect, or of a connector that already has the name of the one to be created. */
async function lookForNamesake(
  target: Target,
  olds: Partial<ConnectorInputs>,
  news: ConnectorInputs,
): Promise<{ told?: string; refused?: CheckFailure[] }> {
  if (isInPlace(olds, news)) return {};
  const live = (await liveConnector(target, news.connectorName))?.live;
  if (olds.connectorName !== news.connectorName || olds.connectUrl === undefined)
    return live === undefined ? {} : { told: adoptionText(news, live.config, live.status) };
  const past = olds as ConnectorInputs;
  const taken = live && takenText(past, news, live.config);
  if (taken !== undefined) return { refused: [{ property: "connectorName", reason: taken }] };
  const told = await moveLook(target, past, news, live);
  return told === undefined ? {} : { told };
}

/** Whether the connector keeps its name, and its Kafka Connect the address. */
function isInPlace(
  olds: Partial<Pick<ConnectorInputs, "connectorName" | "connectUrl">>,
  news: ConnectorInputs,
): boolean {
  const url = olds.connectUrl;
  return olds.connectorName === news.connectorName && url !== undefined && sameAddress(url, news.connectUrl);
}

/** The connector in Kafka Connect, `{}` where there is none; undefined where Connect does not answer. */
async function liveConnector(target: Target, name: string): Promise<{ live?: LiveConnector } | undefined> {
  try {
    const live = await getLive(target, name);
    return live === undefined ? {} : { live };
  } catch {
    return undefined;
  }
}

function announceReplacement(olds: Partial<ConnectorInputs>, news: ConnectorInputs): string | undefined {
  if (!olds.connectorName || !olds.config) return undefined;
  const { replaces } = diffConnector(olds as ConnectorOutputs, news);
  if (replaces.length === 0) return undefined;
  const lost = [olds.keepOffsets ? "" : "offsets", olds.keepSlot ? "" : "slot"].filter(Boolean).join(" and ");
  return lost === ""
    ? undefined
    : `Connector ${olds.connectorName} is replaced: its ${lost} are dropped, and the new one reads all rows again.`;
}

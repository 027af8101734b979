import { didYouMean } from "../../nearest";
import { hasUnknown } from "../../../program/dynamic/unknown";
import { getPlugins } from "./connect-api";
import { postedConfig } from "./access";
import {
  foreign,
  messageOf,
  once,
  passing,
  refused,
  request,
  type RestAnswer,
  type Target,
  withoutHidden,
} from "./rest";
import { isValidation } from "./shapes";
import type { ConnectorInputs } from "../connector-types";
import { configPath, isReference, UNSHOWN, validationFailures, type CheckFailure } from "../verbs/validate";

/** Configs that Connect has just found valid, and when. The check before a create would ask for the same config again. */
const good = new Map<string, number>();
const GOOD_MS = 30_000;

/**
 * Connect's verdict on the config, one failure per bad field.
 *
 * @param atPreview asks once, and returns no failure when Connect does not answer in time; else asks until it answers
 */
export async function askConnect(target: Target, inputs: ConnectorInputs, atPreview: boolean): Promise<CheckFailure[]> {
  const type = String(inputs.config["connector.class"]);
  if (hasUnknown(type)) return [];
  const path = `/connector-plugins/${encodeURIComponent(type)}/config/validate`;
  const config = postedConfig(inputs);
  const question = JSON.stringify([target.url, config]);
  if (!atPreview && Date.now() - (good.get(question) ?? 0) < GOOD_MS) return [];
  const answer = atPreview
    ? await once(target, "PUT", path, config).catch(() => undefined)
    : await request(target, "PUT", path, config);
  if (answer?.status === 200) {
    const found = answer.body;
    if (!isValidation(found)) {
      if (atPreview) return [];
      throw foreign(target, "PUT", path, answer);
    }
    // A preview ignores failures that the apply may still mend. Only an answer without any failure is remembered.
    if (validationFailures(inputs.config, found, false).length === 0) good.set(question, Date.now());
    return validationFailures(inputs.config, found, atPreview).map((each) => ({
      ...each,
      reason: withoutHidden(target, each.reason),
    }));
  }
  if (!answer || passing(answer)) return [];
  const named = badValue(config, withoutHidden(target, messageOf(answer.body))) ?? (await missingClass(target, type));
  if (named) return [named];
  if (atPreview || !isVerdict(answer)) return [];
  throw refused(target, "PUT", path, answer);
}

/** Whether the answer judges the config. Some Connects have no validation; there the create itself decides. */
function isVerdict({ status, body }: RestAnswer): boolean {
  return status === 400 || (status === 500 && messageOf(body) !== "");
}

/** The failure of a value for Connect's own clients (`producer.override.*`). Connect refuses these with one message and no field. */
function badValue(config: Record<string, string>, message: string): CheckFailure | undefined {
  const [, reason, name] = /(Invalid value .* for configuration ([\w.]+).*)/.exec(message) ?? [];
  const key = Object.keys(config).find((each) => each === name || each.endsWith(`.override.${name}`));
  if (!key || !reason) return undefined;
  return { property: configPath(key), reason: isReference(config[key]) ? UNSHOWN : `${reason}.` };
}

async function missingClass(target: Target, type: string): Promise<CheckFailure | undefined> {
  const classes = (await getPlugins(target).catch(() => [])).map((plugin) => plugin.class);
  if (classes.length === 0 || classes.includes(type)) return undefined;
  const meant = didYouMean(type, classes) || ` Installed: ${classes.join(", ")}.`;
  return { property: configPath("connector.class"), reason: `"${type}" is not installed in Kafka Connect.${meant}` };
}

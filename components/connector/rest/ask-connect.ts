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

/** What Connect has just found good, and when: the check before a create asks the very same question. */
const good = new Map<string, number>();
const GOOD_MS = 30_000;

/**
 * Connect's verdict on the config, one failure per bad field.
 *
 * @param atPreview asks once, and says nothing when Connect does not answer in time; else asks until it does
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
    // A preview passes over what may still come true; only an answer without any trouble is remembered.
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

/** Some Connects have no validation to offer; the create itself decides then. */
function isVerdict({ status, body }: RestAnswer): boolean {
  return status === 400 || (status === 500 && messageOf(body) !== "");
}

/** Values for a client of Connect's own (`producer.override.*`) are refused as a whole, not by field. */
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

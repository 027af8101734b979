/** Pure: whether an answer has the shape of Kafka Connect's. Something else may listen at the address: a proxy, another program. */
import type { Validation } from "../verbs/validate";
import type { ConnectorStatus } from "../connector-types";

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `GET /connectors/{name}/config` */
export function isConfig(body: unknown): body is Record<string, string> {
  return isFields(body) && Object.values(body).every((value) => typeof value === "string");
}

/** `GET /connectors/{name}/status` */
export function isStatus(body: unknown): body is ConnectorStatus {
  const isPart = (part: unknown): part is Fields =>
    isFields(part) && typeof part["state"] === "string" && ["string", "undefined"].includes(typeof part["trace"]);
  if (!isFields(body) || !isPart(body["connector"]) || !Array.isArray(body["tasks"])) return false;
  return body["tasks"].every((task) => isPart(task) && typeof task["id"] === "number");
}

/** `PUT /connector-plugins/{class}/config/validate` */
export function isValidation(body: unknown): body is Validation {
  if (!isFields(body) || !Array.isArray(body["configs"])) return false;
  return body["configs"].every(
    (each: unknown) =>
      isFields(each) &&
      isOptional(each["definition"], (definition) => isFields(definition) && typeof definition["name"] === "string") &&
      isFields(each["value"]) &&
      typeof each["value"]["name"] === "string" &&
      isOptional(each["value"]["errors"], isTexts) &&
      isOptional(each["value"]["recommended_values"], isTexts),
  );
}

/** `GET /connectors/{name}/topics` */
export function isTopics(body: unknown): body is Record<string, { topics?: string[] }> {
  return isFields(body) && Object.values(body).every((each) => isFields(each) && isOptional(each["topics"], isTexts));
}

/** `GET /connector-plugins` */
export function isPlugins(body: unknown): body is { class: string; version?: string }[] {
  if (!Array.isArray(body)) return false;
  return body.every(
    (each) =>
      isFields(each) &&
      typeof each["class"] === "string" &&
      isOptional(each["version"], (version) => typeof version === "string"),
  );
}

/** `GET /connectors/{name}/offsets` */
export function isOffsets(body: unknown): body is { offsets: { offset: Fields | null }[] } {
  if (!isFields(body) || !Array.isArray(body["offsets"])) return false;
  return body["offsets"].every((each) => isFields(each) && isOptional(each["offset"], isFields));
}

/** Connect writes null for a field without a value. */
function isOptional(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || is(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

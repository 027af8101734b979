/** `cdc:handlerEnv`: the environment of the consumer's container, for your handler and for the consumer's own settings. */
import { readConfig } from "../../consumer/config";
import { configObject, isScalar, noScalar, plainSecret } from "./config-object";

export interface HandlerEnvironment {
  /** Name to value. */
  env: Record<string, string>;
  /** Secrets by name. Each becomes a file, and the variable `NAME_FILE` has its path. */
  secrets: Record<string, string>;
}

/** Variables that the stack sets itself. */
const TAKEN =
  /^(KAFKA_.*|HTTP_PORT|LOG_FORMAT|LOG_LEVEL|CONNECT_(URL|OFFSETS_TOPIC|USERNAME|PASSWORD_FILE|SSL_.*)|CONNECTOR_(NAME|SLOT)|POSTGRES_(ADDRESS|DATABASE|PUBLICATION|USER|PASSWORD(_FILE)?)|REPLICATION_SLOT|STATE_DIR|PAGE_DIR|PATH|HOME)$/;
/** The consumer's own settings. They are never secret, and are checked as the consumer checks them. */
const OWN = /^(HANDLER_(ATTEMPTS|BACKOFF_MS|STUCK_MS|TIMEOUT_MS)|RECENT_(CHANGES|BYTES)|ALLOWED_HOSTS)$/;
/** Other settings that the consumer's check needs. */
const REST = { KAFKA_BROKERS: "kafka:9092", KAFKA_TOPICS: "t", KAFKA_GROUP_ID: "g", KAFKA_DEAD_LETTER_TOPIC: "d" };

/**
 * Pure.
 *
 * @param text JSON object of names and values
 * @param isSecret whether any of it was set with --secret: which part is not handed over, so none of it is shown
 * @returns the environment, and a sentence without its subject for each thing that is wrong
 */
export function parseHandlerEnv(text: string, isSecret: boolean): HandlerEnvironment & { problems: string[] } {
  const problems: string[] = [];
  // Kept as entries: a name such as __proto__ would change an object and not be a key of it.
  const plain: [string, string][] = [];
  const secret: [string, string][] = [];
  const values = configObject(text);
  if (!values) problems.push(` is ${JSON.stringify(text)}; allowed: an object of names and values.`);
  for (const [name, value] of Object.entries(values ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.push(`["${name}"] is no name of a variable; allowed: letters, digits and _, not a digit first.`);
    } else if (TAKEN.test(name)) {
      problems.push(`["${name}"] is what the stack sets itself; choose another name.`);
    } else if (!isScalar(value)) {
      problems.push(noScalar(name, value, isSecret));
    } else if (OWN.test(name)) plain.push([name, String(value)]);
    // An empty value is no secret, and no file can be made of it.
    else if (isSecret && value !== "") secret.push([name, String(value)]);
    else {
      const misplaced = isSecret ? undefined : plainSecret("handlerEnv", name);
      if (misplaced === undefined) plain.push([name, String(value)]);
      else problems.push(misplaced);
    }
  }
  const env = Object.fromEntries(plain);
  return { env, secrets: Object.fromEntries(secret), problems: [...problems, ...misfits(env)] };
}

/** Errors with which the consumer would end at each start because of its own settings. */
function misfits(env: Record<string, string>): string[] {
  try {
    readConfig({ ...REST, ...env }, "");
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").map((line) => `: ${line}.`);
  }
}

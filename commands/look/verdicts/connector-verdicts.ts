import { connectorPath } from "../../../components/connector/rest/connect-api";
import { isBesideDatabase, rootCause } from "../../../components/connector/rest/root-cause";
import { outputTopics } from "../../../components/connector/slot/source";
import { describe, failures } from "../../../components/connector/rest/connector-status";
import type { Answer } from "../answer";
import type { BrokerLook } from "../../../components/preflight/broker-look";
import type { ConnectorLook } from "../connectors-look";
import type { ContainerLook } from "../containers-look";
import type { Finding } from "../finding";
import { silent } from "./silent";

/** What the verdict on a connector needs to know beside it. */
interface Around {
  /** The stack's own connector; others were posted by hand. */
  declared: string;
  /** Kafka Connect's address on this machine. */
  url: string;
  broker: Answer<BrokerLook>;
  /** Milliseconds since 1970. */
  now: number;
}

/** Kafka Connect, and every connector in it. */
export function connectorFindings(
  connectors: Answer<ConnectorLook[]>,
  connect: ContainerLook,
  around: Around,
): Finding[] {
  const { declared, url, now } = around;
  if (!connectors.ok) {
    return [silent(["worker", url, "Kafka Connect"], connectors, connect, now)];
  }
  const found = connectors.value.map((connector) => verdict(connector, around));
  if (connectors.value.some(({ name }) => name === declared)) return found;
  const text = "there is no such connector in Kafka Connect";
  return [{ part: "connector", about: declared, mark: "bad", text, remedy: "npm start" }, ...found];
}

function verdict(connector: ConnectorLook, around: Around): Finding {
  const { name, status } = connector;
  const own = name === around.declared;
  const finding = { part: own ? "connector" : "others", about: own ? name : `connector ${name}` } as const;
  const [failed] = failures(status);
  const path = around.url + connectorPath(name);
  if (failed) {
    const { cause, remedy } = rootCause(failed.trace);
    const text = `${failed.what} FAILED: ${cause}`;
    return {
      ...{ ...finding, mark: "bad", text, remedy: remedy ?? (own ? "npm start" : restartOf(around.url, name)) },
      // Trouble in the database does not explain every failure: not a record that is too large, for example.
      ...(isBesideDatabase(failed.trace) && { needs: ["worker"] }),
    };
  }
  const { state } = status.connector;
  if (state === "PAUSED" || state === "STOPPED") {
    const text = `${state}: changes wait in Postgres`;
    return { ...finding, mark: own ? "bad" : "warning", text, remedy: `curl -sS -X PUT ${path}/resume` };
  }
  const missing = missingTopics(connector, around.broker);
  if (missing.length > 0) {
    const text =
      `${describe(status)}, and yet it stands still: there is no topic ${missing.join(", ")}, ` +
      "and its config has no topic.creation.default.* by which Connect would make it";
    return { ...finding, mark: "bad", text, remedy: topicCreation(path) };
  }
  const settled =
    state === "RUNNING" && status.tasks.length > 0 && status.tasks.every((task) => task.state === "RUNNING");
  return { ...finding, mark: settled ? "good" : "warning", text: describe(status) };
}

/** The command that restarts a connector and its tasks. */
export function restartOf(url: string, name: string): string {
  return `curl -sS -X POST "${url}${connectorPath(name)}/restart?includeTasks=true"`;
}

/** Topics of the connector that do not exist, and that neither the broker nor Kafka Connect makes by itself. */
function missingTopics({ config }: ConnectorLook, broker: Answer<BrokerLook>): string[] {
  if (!broker.ok || config["topic.creation.default.partitions"] !== undefined) return [];
  return outputTopics(config, []).filter((topic) => !broker.value.topics.includes(topic));
}

/** The command by which Kafka Connect makes the connector's topics, now and later. */
function topicCreation(path: string): string {
  const settings = { "topic.creation.default.partitions": 1, "topic.creation.default.replication.factor": 1 };
  const token = '-H "Authorization: Bearer $(npm run -s pulumi -- stack output --show-secrets connectToken)"';
  return `curl -sS -X PATCH ${token} -H "Content-Type: application/json" ${path}/config -d '${JSON.stringify(settings)}'`;
}

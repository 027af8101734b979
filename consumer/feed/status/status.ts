/** The states of database, connector, broker and this consumer, for the page's lamps. */
import { explain } from "../../../components/connector/rest/root-cause";
import type { PartStatus, StatusJson } from "../../api";
import type { GroupMember } from "../../config";

export interface StatusOptions {
  /** This and `broker` reject when nothing at host:port takes connections. */
  postgres(address: string): Promise<void>;
  broker(address: string): Promise<void>;
  /** The connector's status as Kafka Connect's REST API gives it; null when there is no such connector. */
  connectorStatus(): Promise<unknown>;
  postgresAddress: string | null;
  connectUrl: string | null;
  connectorName: string | null;
  brokers: readonly string[];
  /** Sentences about captured tables that were changed so that capture suffers. */
  captureWarnings(): readonly string[];
  /** Sentences about changes that no topic will ever have. */
  losses(): readonly string[];
  consumer(): PartStatus;
  /** Why the handler's attempts fail that go on, in words; null: none does. */
  failing(): string | null;
  /** Which of several consumers this is; null: the only one. */
  group: GroupMember | null;
  now(): number;
}

/** The parts are asked once in this time, however many pages look. */
const FRESH_MS = 1000;

export function createStatus(options: StatusOptions): () => Promise<StatusJson> {
  let asked = -Infinity;
  let answer: Promise<Omit<StatusJson, "consumer" | "group">> | undefined;
  const ask = async () => {
    const [database, connector, broker] = await Promise.all([
      databaseStatus(options),
      connectorPart(options),
      brokerStatus(options),
    ]);
    return { database, connector, broker };
  };
  return async () => {
    if (answer === undefined || options.now() - asked >= FRESH_MS) {
      asked = options.now();
      answer = ask();
    }
    const parts = await answer;
    return {
      ...parts,
      database: warned(parts.database, options.captureWarnings()),
      connector: lossy(parts.connector, options.losses()),
      consumer: retrying(options.consumer(), options.failing()),
      ...(options.group && { group: options.group }),
    };
  };
}

function warned(database: PartStatus, warnings: readonly string[]): PartStatus {
  return database.state === "down" || warnings.length === 0
    ? database
    : { state: "warning", detail: warnings.join("; ") };
}

/** The handler may work at the next attempt, so this is no more than a warning. */
function retrying(consumer: PartStatus, failing: string | null): PartStatus {
  return failing === null || consumer.state === "down" ? consumer : { state: "warning", detail: failing };
}

/** Lost changes count more than any trouble that passes. */
function lossy(connector: PartStatus, losses: readonly string[]): PartStatus {
  return losses.length === 0 ? connector : { state: "down", detail: losses.join("; ") };
}

async function databaseStatus({ postgresAddress, postgres }: StatusOptions): Promise<PartStatus> {
  if (postgresAddress === null) return { state: "unknown", detail: "not told where it is (POSTGRES_ADDRESS)" };
  return answering([postgresAddress], postgres);
}

async function brokerStatus({ brokers, broker }: StatusOptions): Promise<PartStatus> {
  return answering(brokers, broker);
}

/** One of several brokers is enough. */
async function answering(addresses: readonly string[], probe: StatusOptions["broker"]): Promise<PartStatus> {
  let last = "";
  for (const address of addresses) {
    try {
      await probe(address);
      return { state: "up", detail: `${address} answers` };
    } catch (error) {
      last = `${address}: ${(error as Error).message}`;
    }
  }
  return { state: "down", detail: last };
}

async function connectorPart(options: StatusOptions): Promise<PartStatus> {
  if (options.connectUrl === null || options.connectorName === null) {
    return { state: "unknown", detail: "not told where it is (CONNECT_URL, CONNECTOR_NAME)" };
  }
  try {
    return describeConnector(options.connectorName, await options.connectorStatus());
  } catch (error) {
    return { state: "down", detail: `${options.connectUrl} does not answer: ${(error as Error).message}` };
  }
}

interface ConnectorStatus {
  connector?: { state?: string; trace?: string };
  tasks?: { id?: number; state?: string; trace?: string }[];
}

/** The connector itself is RUNNING even when its task is dead, so the tasks decide. */
export function describeConnector(name: string, status: unknown): PartStatus {
  if (status === null) return { state: "down", detail: `Kafka Connect has no connector ${name}` };
  const { connector = {}, tasks = [] } = status as ConnectorStatus;
  const failed = [connector, ...tasks].find((part) => part.state === "FAILED");
  if (failed) return { state: "down", detail: `${name} failed: ${explain(failed.trace ?? "")}` };
  if (connector.state !== "RUNNING") return { state: "warning", detail: `${name} is ${connector.state ?? "unknown"}` };
  if (tasks.length === 0) return { state: "warning", detail: `${name} is starting: no task yet` };
  const waiting = tasks.find((task) => task.state !== "RUNNING");
  if (waiting) return { state: "warning", detail: `${name}: task ${waiting.id} is ${waiting.state}` };
  return { state: "up", detail: `${name} and its task are running` };
}

import { once } from "../connector/rest/rest";
import { POSTGRES_CONNECTOR } from "../connector/postgres-source";
import { type ConnectAccess, shownUrl } from "./connect-access";

/** What a Connect cluster that somebody else runs says of itself. */
export interface ConnectFacts {
  /** Of Kafka Connect. */
  version: string;
  /** Of Debezium's connector for Postgres. */
  debezium: string;
  /** Whether it has the classes of images/kafka/extensions. */
  extensions: boolean;
}

/** All that is asked is asked within it: below 10 s. */
const WHOLE_MS = 8000;
/** One of the image's classes; where it is, they all are. */
const OWN_CLASS = "cdc.StreamingJsonConverter";

/**
 * Asks a Connect cluster whether it can run the connector; changes nothing in it.
 *
 * @param clusterId of the Kafka that it has to write to
 * @throws Error with one sentence, within 10 s
 */
export async function lookAtConnect(connect: ConnectAccess, clusterId: string): Promise<ConnectFacts> {
  const where = `Kafka Connect at ${shownUrl(connect.url)} (cdc:connectUrl)`;
  const target = { ...connect, operation: "look at Kafka Connect", until: Date.now() + WHOLE_MS };
  const ask = async (path: string): Promise<unknown> => {
    const answer = await once(target, "GET", path).catch((error: Error & { code?: string }) => {
      throw new Error(`${where} ${unreachable(error.code ?? error.message)}`, { cause: error });
    });
    if (answer.status === 200) return answer.body;
    throw new Error(`${where} ${refusal(answer.status, connect)}`);
  };
  const root = (await ask("/")) as { version?: string; kafka_cluster_id?: string };
  if (typeof root !== "object" || root === null || root.version === undefined)
    throw new Error(`${where} answers, but not as Kafka Connect: look at the port, and at a path that a proxy adds.`);
  if (root.kafka_cluster_id !== undefined && root.kafka_cluster_id !== clusterId)
    throw new Error(
      `${where} writes to the Kafka with the cluster id ${root.kafka_cluster_id}, but cdc:bootstrapServers names ${clusterId}: ` +
        "name the Kafka that this Connect belongs to.",
    );
  const plugins = (await ask("/connector-plugins?connectorsOnly=false")) as { class: string; version?: string }[];
  const debezium = plugins.find((plugin) => plugin.class === POSTGRES_CONNECTOR);
  if (debezium === undefined)
    throw new Error(
      `${where} has no ${POSTGRES_CONNECTOR}: its plugin.path needs Debezium's connector for Postgres (debezium-connector-postgres).`,
    );
  return {
    version: root.version,
    debezium: debezium.version ?? "",
    extensions: plugins.some((plugin) => plugin.class === OWN_CLASS),
  };
}

function unreachable(code: string): string {
  if (/ALTNAME/.test(code)) return `has a certificate for another name (${code}); name it as its certificate does.`;
  if (/CERT|UNABLE_TO_|SELF_SIGNED/.test(code))
    return `has a certificate that is not trusted here (${code}); name who signed it with cdc:connectSecurity["caFile"].`;
  if (/HPE_|EPROTO|SSL|ECONNRESET/.test(code))
    return `speaks another protocol (${code}): http: and https: are two, choose the other.`;
  return `cannot be reached from here (${code}); look at the address, and whether a firewall is between.`;
}

function refusal(status: number, { security }: ConnectAccess): string {
  if (status !== 401 && status !== 403) return `answers ${status}: it does not serve yet, or is something else.`;
  return security?.username === undefined
    ? `answers ${status}: it wants a name and a password; set cdc:connectSecurity["username"] and ["password"].`
    : `answers ${status}: it does not let user "${security.username}" in; look at cdc:connectSecurity["username"] and ["password"].`;
}

/** Pure: what is missing in a cluster that has Debezium's plugin alone, a sentence each. */
export function withoutExtensions({ debezium }: ConnectFacts): string[] {
  return [
    `It has Debezium ${debezium} as it is published, without this project's classes (images/kafka/extensions). The config does without them:`,
    "- Values of types that Debezium alters arrive as it has them, and `npm run verify` tells which: infinite dates, intervals, arrays of " +
      "several dimensions, bit strings, types of extensions.",
    "- Changes have no eventId: a handler that is to notice a change that comes again goes by topic, partition and offset.",
    "- After a crash of a worker the transaction at hand is read again from its beginning.",
    "- Large values that an update did not touch are __debezium_unavailable_value, not left out and named in `unchanged`.",
    "- Debezium looks for changes each 5 ms, and is not woken by them: some ms more each, and some CPU while nothing happens.",
  ];
}

import { elsewhereWords, once, type RestAnswer } from "../../connector/rest/rest";
import { POSTGRES_CONNECTOR } from "../../connector/config/postgres-source";
import { type ConnectAccess, shownUrl } from "./connect-access";
import { unlistedKeys } from "./own-keys";

/** Facts about a Connect cluster that somebody else runs. */
export interface ConnectFacts {
  /** Of Kafka Connect. */
  version: string;
  /** Of Debezium's connector for Postgres. */
  debezium: string;
  /** Whether it has the classes of images/kafka/extensions. */
  extensions: boolean;
  /** Whether a connector may have settings of its own for the producer. */
  overrides: boolean;
  /** Keys of the stack's own that its Debezium does not know, and that can be left out. @default none */
  unlisted?: readonly string[];
}

/** The time for all requests together. */
const WHOLE_MS = 8000;
/** One of the image's classes. A cluster that has it has all of them. */
const OWN_CLASS = "cdc.StreamingJsonConverter";
const JSON_CONVERTER = "org.apache.kafka.connect.json.JsonConverter";
/** An override of the producer that the connector's config has. */
const OVERRIDE = "producer.override.acks";
const ONCE = "exactly.once.support";
const TRIED = "tried: 3.7.0.Final";

/**
 * Asks a Connect cluster whether it can run the connector; changes nothing in it.
 *
 * @param clusterId of the Kafka that it has to write to
 * @param exactlyOnce whether the connector is to write in transactions: `cdc:exactlyOnce`
 * @throws Error with one sentence, within 10 s
 */
export async function lookAtConnect(
  connect: ConnectAccess,
  clusterId: string,
  exactlyOnce = false,
): Promise<ConnectFacts> {
  const where = `Kafka Connect at ${shownUrl(connect.url)} (cdc:connectUrl)`;
  const target = { ...connect, operation: "look at Kafka Connect", until: Date.now() + WHOLE_MS };
  const ask = async (path: string, config?: Record<string, string>): Promise<unknown> => {
    const answer = await once(target, config ? "PUT" : "GET", path, config).catch(
      (error: Error & { code?: string }) => {
        throw new Error(`${where} ${unreachable(error.code ?? error.message)}`, { cause: error });
      },
    );
    if (answer.status === 200) return answer.body;
    throw new Error(`${where} ${refusal(answer, connect)}`);
  };
  const root = (await ask("/")) as { version?: string; kafka_cluster_id?: string };
  if (typeof root !== "object" || root === null || root.version === undefined)
    throw new Error(`${where} answers, but not as Kafka Connect: look at the port, and at a path that a proxy adds.`);
  if (root.kafka_cluster_id !== undefined && root.kafka_cluster_id !== clusterId)
    throw new Error(
      `${where} writes to the Kafka with the cluster id ${root.kafka_cluster_id}, but cdc:bootstrapServers names ${clusterId}: ` +
        "name the Kafka that this Connect belongs to.",
    );
  const early = tooOld(root.version);
  if (early !== undefined) throw new Error(`${where} ${early}`);
  const plugins = (await ask("/connector-plugins?connectorsOnly=false")) as { class: string; version?: string }[];
  const debezium = plugins.find((plugin) => plugin.class === POSTGRES_CONNECTOR);
  if (debezium === undefined)
    throw new Error(
      `${where} has no ${POSTGRES_CONNECTOR}: its plugin.path needs Debezium's connector for Postgres (debezium-connector-postgres).`,
    );
  const extensions = plugins.some((plugin) => plugin.class === OWN_CLASS);
  // Clusters before 3.6 list connectors only; those are refused above.
  if (!extensions && !plugins.some((plugin) => plugin.class === JSON_CONVERTER))
    throw new Error(`${where} has no ${JSON_CONVERTER}: its class path or plugin.path needs connect-json.`);
  const probe = {
    ...{ name: "cdc-look", "connector.class": POSTGRES_CONNECTOR, [OVERRIDE]: "all" },
    ...(exactlyOnce && { [ONCE]: "required" }),
  };
  const { configs = [] } = (await ask(`/connector-plugins/${POSTGRES_CONNECTOR}/config/validate`, probe)) as Validated;
  const errorsOf = (key: string): string[] => configs.find(({ value }) => value.name === key)?.value.errors ?? [];
  const [notOnce] = errorsOf(ONCE);
  if (notOnce !== undefined)
    throw new Error(
      `${where} cannot write in transactions, which cdc:exactlyOnce asks for (it says: ${notOnce}). Whoever runs it can set ` +
        "exactly.once.source.support=enabled on each of its workers, in two rolling restarts with `preparing` in the first; otherwise " +
        "set cdc:exactlyOnce to false.",
    );
  const overrides = errorsOf(OVERRIDE).length === 0;
  const { needless, needed } = unlistedKeys(configs.map(({ definition, value }) => definition?.name ?? value.name));
  if (!extensions && needed.length > 0)
    throw new Error(
      `${where} has Debezium ${debezium.version ?? "of an unknown version"}, whose connector for Postgres does not know ${needed.join(", ")}, which this ` +
        `stack sets: it needs a newer one (${TRIED}).`,
    );
  const unlisted = extensions ? [] : needless;
  const facts = { version: root.version, debezium: debezium.version ?? "", extensions, overrides };
  return { ...facts, ...(unlisted.length > 0 && { unlisted }) };
}

interface Validated {
  configs?: { definition?: { name: string }; value: { name: string; errors?: string[] } }[];
}

/**
 * Pure: why a Connect of this version is refused; undefined: it is not. The connector is made in a state to begin with (`initial_state`, KIP-980), which 3.6
 * answers with 500. Before that, 3.5 cannot forget a connector's offsets.
 */
export function tooOld(version: string): string | undefined {
  const [, major, minor, confluent] = /^(\d+)\.(\d+)\.\d+(-c)?/.exec(version) ?? [];
  // Confluent's 7.7 is Kafka's 3.7.
  const line = Number(major) - (confluent ? 4 : 0);
  if (major === undefined || line > 3 || (line === 3 && Number(minor) >= 7)) return undefined;
  return `is version ${version}, which cannot make a connector that is stopped at first. Kafka Connect 3.7 or newer can.`;
}

function unreachable(code: string): string {
  if (/ALTNAME/.test(code)) return `has a certificate for another name (${code}); name it as its certificate does.`;
  if (/CERT|UNABLE_TO_|SELF_SIGNED/.test(code))
    return `has a certificate that is not trusted here (${code}); name who signed it with cdc:connectSecurity["caFile"].`;
  if (/HPE_|EPROTO|SSL|ECONNRESET/.test(code))
    return `speaks another protocol (${code}): http: and https: are two, choose the other.`;
  return `cannot be reached from here (${code}); look at the address, and whether a firewall is between.`;
}

function refusal(answer: RestAnswer, { security }: ConnectAccess): string {
  const { status } = answer;
  const elsewhere = elsewhereWords(answer);
  if (elsewhere !== undefined) return `answers ${status} and ${elsewhere}: name that address.`;
  if (status !== 401 && status !== 403) return `answers ${status}: it does not serve yet, or is something else.`;
  return security?.username === undefined
    ? `answers ${status}: it wants a name and a password; set cdc:connectSecurity["username"] and ["password"].`
    : `answers ${status}: it does not let user "${security.username}" in; look at cdc:connectSecurity["username"] and ["password"].`;
}

/** Pure: differences of a cluster that lacks parts of the stack's own worker, a sentence each. */
export function whatDiffers({ debezium, extensions, overrides }: ConnectFacts): string[] {
  return [
    ...(extensions ? [] : withoutExtensions(debezium)),
    ...(overrides
      ? []
      : [
          "- It lets no connector set its producer (connector.client.config.override.policy): a record above its producer.max.request.size, " +
            "1 MB by default, stops the connector, whatever cdc:maxRecordMb says.",
        ]),
  ];
}

function withoutExtensions(debezium: string): string[] {
  return [
    `It has Debezium ${debezium} as it is published (${TRIED}), without this project's classes. The config does without them; ` +
      "docs/existing-connect.md says more:",
    "- Values of some types arrive in other forms, a few as Debezium alters them: infinite dates and intervals, arrays of several dimensions.",
    "- Changes have no eventId: a handler that is to notice a change that comes again goes by topic, partition and offset.",
    "- After a crash of a worker the transaction at hand is read again from its beginning.",
    "- An old row that is the key alone arrives with the other columns' defaults, or null.",
    "- Debezium looks for changes each 5 ms, and is not woken by them: some ms more each, and some CPU while nothing happens.",
  ];
}

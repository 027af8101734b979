import { type AppliedStack, lastApplied } from "./applied";
import { hasAdded } from "../capture/tables/resolve-tables";
import { consumerKind } from "../consumer";
import { bundleConsumer } from "../../program/consumer-bundle";
import { connectorTopics, keptTopics, refuseFewerPartitions, refuseOtherCoordination, tellCosts } from "../costs";
import type { StoredCredentials } from "../credentials";
import { EngineLists } from "./engine-lists";
import { findConnect, type FoundConnect } from "../existing/connect/look-at-connect";
import { refuseJoining } from "../existing/kafka/groups-in-use";
import { type FoundKafka, findKafka } from "../existing/kafka/look-at-kafka";
import { refuseFewerBrokers } from "../cluster/brokers/fewer-brokers";
import { memberIndex, memberPort } from "../cluster/members";
import { findQuorum, type Quorum } from "../cluster/brokers/quorum-id";
import { type InitFile, initFiles } from "./init-files";
import { goneTopics } from "./gone-topics";
import { parseRebuild, REBUILD_VARIABLE } from "../images/image-names";
import { rejectLostVolumes } from "./lost-volumes";
import { rejectOtherContainers } from "./other-containers";
import { missedByConsumers } from "./missed-look";
import { copyCertificates } from "../../program/certificates.cjs";
import { refuseOtherPrefix } from "./other-prefix";
import { isInstalled, packageRoot } from "../../program/package-root";
import { settled } from "../../program/settled";
import { pluginContext } from "../plugins/plugin-context";
import { workerTopics } from "../existing/kafka/group-names";
import { preflight, type Preflight } from "./preflight";
import type { Settings } from "../settings/settings";

/** What a pipeline has to know of this machine before it is declared. */
export interface Found extends Preflight {
  /** What runs once, when the database is made. */
  initFiles: readonly InitFile[];
  /** Build context of the consumer's image, relative to the folder that `pulumi` runs in; empty without the project's consumer. */
  consumerContext: string;
  /** Build context of Kafka Connect's image with further plugins; none without any. */
  pluginContext?: string;
  /** Topics that are there and the stack does not know, to be taken over. */
  existing: ReadonlySet<string>;
  /** Topics of the last `up` that stay in this one, also where their tables are found to be gone later. @default none */
  staying?: readonly string[];
  /** The state's pipelines: see `refuseRenamed`. @default none */
  pipelines?: readonly string[];
  /** What the running consumers have seen of changes that are lost; empty where it says none. */
  missed: string;
  /** The random words of the last `up`; none before the first. */
  credentials?: StoredCredentials;
  /** The Kafka that somebody else runs; none where the stack has its own. */
  kafka?: FoundKafka;
  /** The cluster of several brokers without ZooKeeper; none for a single broker, or with ZooKeeper. */
  quorum?: Quorum;
  /** The Connect cluster that somebody else runs; none where the stack has its own worker. */
  connect?: FoundConnect;
  /** By repository, the date of the Debian packages that its image is to have. */
  rebuild: ReadonlyMap<string, string>;
}

/**
 * Looks at engine, ports, images, handler and state, and says what a change of settings costs.
 *
 * @throws pulumi.RunError with all that can be wrong with them, before anything is made
 */
export function lookAround(settings: Settings): Promise<Found> {
  return settled("looked at this machine", () => look(settings));
}

async function look(settings: Settings): Promise<Found> {
  // In a checkout the set-up has done so.
  if (isInstalled()) copyCertificates(packageRoot(), process.env);
  const files = settings.existingDatabase ? [] : initFiles(settings.initFolder);
  const { connectPlugins } = settings;
  const plugins = connectPlugins === undefined ? {} : { pluginContext: pluginContext(connectPlugins) };
  const isOurs = consumerKind(settings.consumer) === "handler";
  const lists = new EngineLists();
  const weighing = weighed(settings, lists);
  const [consumerContext, ready, { gone, ...known }, missedChanges] = await Promise.all([
    isOurs ? bundleConsumer(settings.handler) : "",
    preflight(settings, files, lists),
    weighing,
    isOurs ? missed(settings, lists) : "",
    settings.existingDatabase && examined(settings, settings.existingConnect && weighing),
    settings.databaseAddress && addressExamined(settings),
  ]);
  const rebuild = parseRebuild(process.env[REBUILD_VARIABLE]);
  return { ...ready, ...known, ...plugins, initFiles: files, consumerContext, missed: missedChanges || gone, rebuild };
}

/** Asked only where there is a consumer, so that other runs load no HTTP client. */
async function missed({ prefix, consumerPort }: Settings, lists: EngineLists): Promise<string> {
  const members = (await lists.containers()).flatMap(({ name }) => memberIndex(`${prefix}-consumer`, name) ?? []);
  return members.length === 0 ? "" : missedByConsumers(members.sort().map((index) => memberPort(consumerPort, index)));
}

/** Loaded only when needed: most runs need no client of Postgres. */
async function examined(settings: Settings, weighing?: ReturnType<typeof weighed>): Promise<void> {
  const { examineExisting } = await import("../database/examine-database");
  await examineExisting(settings, (await weighing)?.connect);
}

async function addressExamined(settings: Settings): Promise<void> {
  const { refuseOtherAddress } = await import("../database/address-look");
  await refuseOtherAddress(settings);
}

async function examinedAdded(settings: Settings, applied: AppliedStack): Promise<void> {
  if (settings.existingDatabase) return;
  const { examineAdded } = await import("../database/examine-database");
  await examineAdded(settings, applied);
}

/** Says what the change of settings costs, and refuses what would lose records. @returns what is there of an earlier `up`, and of others */
async function weighed(
  settings: Settings,
  lists: EngineLists,
): Promise<
  Pick<Found, "existing" | "staying" | "credentials" | "pipelines" | "kafka" | "quorum" | "connect"> & { gone: string }
> {
  const applied = await lastApplied();
  await rejectLostVolumes(applied);
  refuseOtherPrefix(applied, settings.prefix);
  await rejectOtherContainers(settings.prefix, applied, lists);
  await refuseOtherCoordination(applied, settings);
  refuseFewerBrokers(applied, settings);
  const quorum = await findQuorum(applied, settings);
  const further = [...connectorTopics(settings), ...Object.keys(workerTopics(settings))];
  const hasConsumer = consumerKind(settings.consumer) !== "none";
  const found = await findKafka(settings, applied, hasConsumer);
  if (found !== undefined) await refuseJoining(found, settings, applied, hasConsumer, lists);
  refuseFewerPartitions(applied, settings, found?.known);
  const [existing, connect, gone, staying] = await Promise.all([
    // With several brokers those topics are declared, too, which an only one has without a word of ours.
    found?.existing ?? keptTopics(applied, settings, (settings.brokers ?? 1) > 1 ? further : []),
    found && findConnect(settings, found.kafka.clusterId, applied),
    goneTopics(applied),
    tellCosts({ bootstrapServers: found?.address, ...applied }, settings, further, found?.kafka.clusterId),
    hasAdded(settings.tables, applied.capture?.captured) && examinedAdded(settings, applied),
  ]);
  const credentials = applied.credentials.find(({ prefix }) => prefix === settings.prefix);
  return {
    ...{ existing, staying, credentials, gone },
    ...(applied.pipelines && { pipelines: applied.pipelines }),
    ...(quorum && { quorum }),
    ...(found && { kafka: found.kafka }),
    ...(connect && { connect }),
  };
}

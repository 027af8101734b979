import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../preflight/applied";
import { ASK_FILE } from "./ask-file";
import type { Settings } from "../settings/settings";
import { brokersCost, losesBrokers, topicsOnBrokers } from "./brokers-contents";
import { type Cost, costsOf, type CostSettings, type DataAtStake, dropsSlot, thinnedTopics } from "./costs";
import { leavingTopics, stayingTopics } from "./declared-topics";
import { type AskedTopics, droppedTables, lookAtLosses } from "./costs-look";
import { furtherConnectors } from "./further-connectors";
import { lostConnect, lostConnectCost } from "./lost-connect";
import { type DatabaseSettings, movedDatabase } from "./moved-database";
import { formerGroup, movedKafka, movedKafkaCost } from "./moved-kafka";

/**
 * Says what a change of settings costs before anything is changed. A preview prints it as a warning, and so does `npm start -- --yes`. `npm start`,
 * which shows no preview, is stopped once so that it can ask.
 *
 * @param further topics that are declared beside those of the tables
 * @param clusterId of the Kafka of `cdc:bootstrapServers`; undefined: the stack's own
 * @returns topics that are to stay in this `up`, whatever the database says of their tables later: see `stayingTopics`
 * @throws pulumi.RunError with what would be lost, when nobody has agreed to it yet
 */
export async function tellCosts(
  applied: AppliedStack,
  settings: CostSettings & DatabaseSettings & Parameters<typeof losesBrokers>[1] & Pick<Settings, "existingConnect">,
  further: readonly string[] = [],
  clusterId?: string,
): Promise<string[]> {
  const { costs, staying } = await costsAtStake(applied, settings, further, clusterId);
  const file = process.env[ASK_FILE];
  if (file && costs.some(({ loses }) => loses)) {
    const text = question(costs);
    writeFileSync(file, text);
    throw new pulumi.RunError(text);
  }
  if (pulumi.runtime.isDryRun() || file === "")
    for (const { text, loses } of costs) void (loses ? pulumi.log.warn(text) : pulumi.log.info(text));
  return staying;
}

async function costsAtStake(
  applied: AppliedStack,
  settings: Parameters<typeof tellCosts>[1],
  further: readonly string[],
  clusterId: string | undefined,
): Promise<{ costs: Cost[]; staying: string[] }> {
  const [moved, kafka] = [await movedDatabase(applied, settings), movedKafka(applied, settings, clusterId)];
  const connect = moved === undefined && kafka === undefined ? await lostConnect(applied, settings) : undefined;
  const slotGoes = [moved, kafka, connect].some((each) => each !== undefined) || dropsSlot(applied, settings);
  const all = applied.topics.map(({ name }) => name);
  const look = async (topics: AskedTopics, from = applied) => ({
    // Where the consumer was is known by its group of the last `up`, in the Kafka of that time.
    ...(await lookAtLosses(from, topics, formerGroup(applied, settings), slotGoes)),
    ...(moved && { moved }),
  });
  // All topics go, so that nothing is to be said of those that would have stayed.
  const others = (seen: DataAtStake): Cost[] => costsOf({ ...applied, topics: [] }, settings, [], seen);
  if (losesBrokers(applied, settings)) {
    const [counted, connectors] = await Promise.all([
      look((present) => topicsOnBrokers(applied, present)),
      furtherConnectors(applied),
    ]);
    const seen = { ...counted, connectors };
    return { costs: [...others(seen), brokersCost(applied, settings, seen)], staying: [] };
  }
  if (kafka !== undefined) {
    const seen = await look(all, { ...applied, bootstrapServers: kafka.former });
    return { costs: [...others(seen), movedKafkaCost(applied, settings, kafka, seen)], staying: [] };
  }
  const dropped = await droppedTables(applied, settings);
  const leaving = leavingTopics(applied, settings, dropped, further);
  const { shortened, compacted } = thinnedTopics(applied, settings, leaving);
  const seen = await look([...new Set([...leaving, ...shortened, ...compacted])]);
  const costs = [
    ...costsOf(applied, settings, leaving, seen),
    ...(connect === undefined ? [] : [lostConnectCost(applied, settings, connect, seen)]),
  ];
  return { costs, staying: stayingTopics(applied, settings, dropped) };
}

function question(costs: readonly Cost[]): string {
  return ["These changes cost something, and nothing is changed yet:", ...costs.map(({ text }) => `- ${text}`)].join(
    "\n",
  );
}

import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../preflight/applied";
import { groupOf } from "../existing/kafka/group-names";
import { ASK_FILE } from "./ask-file";
import { brokersCost, losesBrokers } from "./brokers-contents";
import { type Cost, costsOf, type CostSettings, dropsSlot, thinnedTopics } from "./costs";
import { leavingTopics } from "./declared-topics";
import { droppedTables, lookAtLosses } from "./costs-look";
import { type DatabaseSettings, movedDatabase } from "./moved-database";

/**
 * Says what a change of settings costs before anything is changed. A preview prints it as a warning, and so does `npm start -- --yes`. `npm start`,
 * which shows no preview, is stopped once so that it can ask.
 *
 * @param further topics that are declared beside those of the tables
 * @throws pulumi.RunError with what would be lost, when nobody has agreed to it yet
 */
export async function tellCosts(
  applied: AppliedStack,
  settings: CostSettings & DatabaseSettings & Parameters<typeof losesBrokers>[1] & Parameters<typeof groupOf>[0],
  further: readonly string[] = [],
): Promise<void> {
  const costs = await costsAtStake(applied, settings, further);
  const file = process.env[ASK_FILE];
  if (file && costs.some(({ loses }) => loses)) {
    const text = question(costs);
    writeFileSync(file, text);
    throw new pulumi.RunError(text);
  }
  if (pulumi.runtime.isDryRun() || file === "")
    for (const { text, loses } of costs) void (loses ? pulumi.log.warn(text) : pulumi.log.info(text));
}

async function costsAtStake(
  applied: AppliedStack,
  settings: Parameters<typeof tellCosts>[1],
  further: readonly string[],
): Promise<Cost[]> {
  const moved = await movedDatabase(applied, settings);
  const slotGoes = moved !== undefined || dropsSlot(applied, settings);
  const look = async (topics: readonly string[]) => ({
    ...(await lookAtLosses(applied, topics, groupOf(settings), slotGoes)),
    ...(moved && { moved }),
  });
  if (losesBrokers(applied, settings)) {
    // All topics go, so that nothing is to be said of those that would have stayed.
    const seen = await look(applied.topics.map(({ name }) => name));
    return [...costsOf({ ...applied, topics: [] }, settings, [], seen), brokersCost(applied, settings, seen)];
  }
  const leaving = leavingTopics(applied, settings, await droppedTables(applied, settings), further);
  const { shortened, compacted } = thinnedTopics(applied, settings, leaving);
  return costsOf(applied, settings, leaving, await look([...new Set([...leaving, ...shortened, ...compacted])]));
}

function question(costs: readonly Cost[]): string {
  return ["These changes cost something, and nothing is changed yet:", ...costs.map(({ text }) => `- ${text}`)].join(
    "\n",
  );
}

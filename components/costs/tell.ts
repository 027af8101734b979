import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../preflight/applied";
import { groupOf } from "../existing/kafka/group-names";
import { ASK_FILE } from "./ask-file";
import { type Cost, costsOf, type CostSettings, dropsSlot, thinnedTopics } from "./costs";
import { leavingTopics } from "./declared-topics";
import { droppedTables, lookAtLosses } from "./costs-look";

/**
 * Says what a change of settings costs before anything is changed. A preview prints it as a warning. `npm start`, which shows no
 * preview, is stopped once so that it can ask.
 *
 * @param further topics that are declared beside those of the tables
 * @throws pulumi.RunError with what would be lost, when nobody has agreed to it yet
 */
export async function tellCosts(
  applied: AppliedStack,
  settings: CostSettings & Parameters<typeof groupOf>[0],
  further: readonly string[] = [],
): Promise<void> {
  const leaving = leavingTopics(applied, settings, await droppedTables(applied, settings), further);
  const slotGoes = dropsSlot(applied, settings);
  const { shortened, compacted } = thinnedTopics(applied, settings, leaving);
  const touched = [...new Set([...leaving, ...shortened, ...compacted])];
  const costs = costsOf(applied, settings, leaving, await lookAtLosses(applied, touched, groupOf(settings), slotGoes));
  const file = process.env[ASK_FILE];
  if (pulumi.runtime.isDryRun()) {
    for (const { text, loses } of costs) void (loses ? pulumi.log.warn(text) : pulumi.log.info(text));
  } else if (file !== undefined && costs.some(({ loses }) => loses)) {
    writeFileSync(file, "");
    throw new pulumi.RunError(question(costs));
  }
}

function question(costs: readonly Cost[]): string {
  return ["These changes cost something, and nothing is changed yet:", ...costs.map(({ text }) => `- ${text}`)].join(
    "\n",
  );
}

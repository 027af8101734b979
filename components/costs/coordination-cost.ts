import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../preflight/applied";
import { groupOf } from "../existing/kafka/group-names";
import type { Settings } from "../settings/settings";
import { ANEW_FILE, IMAGES_FIRST } from "./ask-file";
import { brokersContents, topicsOnBrokers } from "./brokers-contents";
import { type CostSettings, type DataAtStake, readAgain } from "./costs";
import { lookAtLosses } from "./costs-look";
import { furtherConnectors } from "./further-connectors";

type Coordinated = CostSettings &
  Pick<Settings, "coordination" | "prefix" | "existingKafka"> &
  Parameters<typeof groupOf>[0];

/**
 * Refuses another `cdc:coordination` than that of the existing broker: neither can read what the other has written. A file tells
 * `npm start`, which can ask and have the broker made again.
 *
 * @throws pulumi.RunError with what would be lost, and the way out
 */
export async function refuseOtherCoordination(applied: AppliedStack, settings: Coordinated): Promise<void> {
  const before = applied.brokerVolumes.get(`${settings.prefix}-kafka-data`)?.coordination;
  // With an existing Kafka, the stack's own broker goes in any case.
  if (before === undefined || before === settings.coordination || settings.existingKafka !== undefined) return;
  if (process.env[IMAGES_FIRST] !== undefined) return;
  const [counted, connectors] = await Promise.all([
    lookAtLosses(applied, (present) => topicsOnBrokers(applied, present), groupOf(settings), false),
    furtherConnectors(applied),
  ]);
  const file = process.env[ANEW_FILE];
  const text = otherCoordinationText(applied, settings, { ...counted, connectors });
  if (file !== undefined) writeFileSync(file, text);
  const way =
    file === undefined
      ? `\`npm start\` asks, and does that. A program of one's own destroys the stack first. Or set it back: ` +
        `\`pulumi config set coordination ${before}\`. Nothing was changed.`
      : "The database stays as it is. Nothing is changed yet.";
  throw new pulumi.RunError(`${text}\n${way}`);
}

/** Pure. */
export function otherCoordinationText(applied: AppliedStack, settings: Coordinated, seen: DataAtStake): string {
  const before = applied.brokerVolumes.get(`${settings.prefix}-kafka-data`)?.coordination;
  return [
    `cdc:coordination ${before} -> ${settings.coordination}: neither can read what the other has written, so the broker's volume is made anew, and ` +
      "with it what belongs to it:",
    ...brokersContents(applied, settings, seen),
    "- Kafka Connect's offsets, the consumer's position, and what the consumer's volume holds",
    readAgain(settings),
  ].join("\n");
}

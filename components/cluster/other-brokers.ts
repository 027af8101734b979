import * as pulumi from "@pulumi/pulumi";
import type { Applied } from "../preflight/applied";

/**
 * The number of brokers is a property of what they hold: the copies of each record lie on those that there were.
 *
 * @throws pulumi.RunError where the stack has another number
 */
export function refuseOtherBrokers({ brokers: before }: Pick<Applied, "brokers">, brokers = 1): void {
  if (before === 0 || before === brokers) return;
  const why =
    brokers < before
      ? "what only the others hold would be lost, and the copies that the topics want have no place"
      : "what the broker holds has one copy, and Kafka's own topics too, which more brokers do not change by themselves";
  throw new pulumi.RunError(
    `cdc:brokers is ${brokers}, but this stack has ${before}: ${why}. Set it back to ${before}; or begin anew, with the rows read again: ` +
      "save what is needed of the database, `npm stop`, `npm start`; or make a second stack beside it.",
  );
}

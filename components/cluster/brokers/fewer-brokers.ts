import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../../preflight/applied";

/**
 * More brokers than there are get copies of what is there; fewer would take some of it away.
 *
 * @throws pulumi.RunError where the stack has more
 */
export function refuseFewerBrokers({ brokers: before }: Pick<AppliedStack, "brokers">, brokers = 1): void {
  if (before <= brokers) return;
  throw new pulumi.RunError(
    `cdc:brokers is ${brokers}, but this stack has ${before}: what only the others hold would be lost, and the copies that the topics want have no place. Set it back to ${before}; or begin anew, with the rows read again: ` +
      "save what is needed of the database, `npm stop`, `npm start`; or make a second stack beside it.",
  );
}

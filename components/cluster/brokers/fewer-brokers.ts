import * as pulumi from "@pulumi/pulumi";
import type { AppliedStack } from "../../preflight/applied";
import type { Settings } from "../../settings/settings";

/**
 * Refuses fewer brokers than the stack has: the data that only the others have would be lost. Added brokers get copies. An existing Kafka takes the
 * place of them all, whose cost is told elsewhere.
 *
 * @throws pulumi.RunError when the stack has more brokers
 */
export function refuseFewerBrokers(
  { brokers: before }: Pick<AppliedStack, "brokers">,
  { brokers = 1, existingKafka }: Partial<Pick<Settings, "brokers" | "existingKafka">>,
): void {
  if (existingKafka !== undefined || before <= brokers) return;
  throw new pulumi.RunError(
    `cdc:brokers is ${brokers}, but this stack has ${before}: what only the others hold would be lost, and the topics' copies would not fit on fewer. Set it back to ${before}; or begin anew, with the rows read again: ` +
      "save what is needed of the database, `npm stop`, `npm start`; or make a second stack beside it.",
  );
}

import { LOG_LEVELS } from "../../consumer/log-level";
import type { Setting } from "./setting-list";

/** Settings about the consumer. */
export const CONSUMER_SETTINGS = {
  consumer: {
    type: "string",
    default: "handler",
    description: "Who reads the changes - handler (the project's consumer), none, or an image of your own with its tag",
    details:
      "who reads the changes: `handler` (the consumer of the project with your handler), `none`, or an image of your own with its tag: [consumer](consumer.md#a-consumer-of-your-own)",
  },
  handler: {
    type: "string",
    default: "consumer/handler.ts",
    description: "File with your code - it exports handle, which is called for each change",
    details: "file with your code; exports `handle`: [docs/consumer.md](consumer.md)",
  },
  handlerEnv: {
    type: "object",
    default: "{}",
    details:
      "variables for the handler, and the consumer's settings (`HANDLER_ATTEMPTS` …): `pulumi config set --path handlerEnv.SINK_URL …`",
  },
  consumerTopics: {
    type: "string",
    default: "",
    shown: "none",
    description:
      "Further topics the consumer reads as soon as they exist, separated by commas; * stands for any characters",
    details:
      "further topics the consumer reads as soon as they exist, separated by commas; `*` stands for any characters",
  },
  logFormat: {
    type: "string",
    default: "json",
    description: "The consumer's log - json (a line a change) or text",
    oneOf: ["json", "text"],
    details: "the consumer's log: `json` or `text`",
  },
  logLevel: {
    type: "string",
    default: "info",
    description:
      "How much Kafka Connect with Debezium, the broker, ZooKeeper and the consumer log - error, warn, info or debug",
    oneOf: LOG_LEVELS,
    details:
      "how much Kafka Connect with Debezium, the broker, ZooKeeper and the consumer log: `error`, `warn`, `info`, `debug`; a change makes their containers anew",
  },
} as const satisfies Record<string, Setting>;

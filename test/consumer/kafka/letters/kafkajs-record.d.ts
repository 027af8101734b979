/** What kafkajs writes a record with. */
declare module "kafkajs/src/protocol/recordBatch/record/v0" {
  import type { Message } from "kafkajs";
  export default function recordOf(record: Omit<Message, "timestamp">): unknown;
}

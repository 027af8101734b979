/** Everything that reaches into kafkajs: README.md says what each part replaces, and what it is like without. */
import { decodeFetchesFaster } from "./fetch-response";
import { stopWithoutLastFetch } from "./prompt-stop";
import { quietRequestQueues } from "./request-queue";
import { makeRunnersHookable } from "./runner-hooks";

export { hookRunners } from "./runner-hooks";

let done = false;

/** Changes kafkajs for this process, once. A process that does not call it uses kafkajs as it is published. */
export function changeKafkajs(): void {
  if (done) return;
  done = true;
  decodeFetchesFaster();
  quietRequestQueues();
  stopWithoutLastFetch();
  makeRunnersHookable();
}

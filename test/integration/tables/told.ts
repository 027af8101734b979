import axios from "axios";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";
import { poll } from "../../../components/poll";
import type { HealthJson, StatusJson } from "../../../consumer/api";

/** So soon it is told by what runs. */
export const TOLD_MS = 15_000;

/** What the stack itself says is wrong with a table, once all that say it agree. */
export function toldBy(outputs: StackOutputs, sentence: RegExp | undefined): Promise<void> {
  return poll<void>(
    async () => {
      const { database } = (await axios.get<StatusJson>(`${outputs.feedUrl}/status`, { proxy: false })).data;
      const health = (await axios.get<HealthJson>(`${outputs.feedUrl}/healthz`, { proxy: false })).data;
      const said = [database.state === "warning" ? database.detail : "", (health.warnings ?? []).join("; ")];
      const agrees = said.every((text) => (sentence ? sentence.test(text) : text === "") && health.status === "ok");
      return agrees ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(said) };
    },
    { what: `${sentence} in /status and /healthz`, deadlineMs: TOLD_MS, intervalMs: 200 },
  );
}

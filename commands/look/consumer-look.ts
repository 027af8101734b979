import axios from "axios";
import type { ChangeJson, ChangesJson, HealthJson } from "../../consumer/api";
import { lagOf, type LagLook } from "./lag-look";

/** The state that the consumer reports. */
export interface ConsumerLook {
  health: HealthJson;
  /** The newest change in its memory; null when there was none since its start. */
  last: Pick<ChangeJson, "op" | "table" | "key" | "committedAt" | "lagMs"> | null;
  /** Lag by table, since its start. */
  lag: Record<string, LagLook>;
}

/** @throws when it does not answer */
export async function lookAtConsumer(url: string, deadlineMs: number): Promise<ConsumerLook> {
  const get = async <T>(path: string): Promise<T> =>
    (await axios.get<T>(url + path, { proxy: false, timeout: deadlineMs, validateStatus: () => true })).data;
  const [health, changes, metrics] = await Promise.all([
    get<HealthJson>("/healthz"),
    get<ChangesJson>("/changes?limit=1"),
    get<string>("/metrics"),
  ]);
  const [newest] = changes.changes;
  const { op, table, key, committedAt, lagMs } = newest ?? ({} as ChangeJson);
  return { health, last: newest ? { op, table, key, committedAt, lagMs } : null, lag: lagOf(metrics) };
}

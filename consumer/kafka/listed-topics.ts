/** Lists the broker's topics every two seconds. `feed/watch/topic-watch.ts` looks for those that are gone. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";

const EVERY_MS = 2000;

/** Runs for as long as the process lives. While the broker does not answer, `listed` is not called. */
export async function watchTopics(admin: Admin, listed: (there: string[]) => void): Promise<never> {
  let isConnected = false;
  for (;;) {
    try {
      if (!isConnected) await admin.connect();
      isConnected = true;
      listed(await admin.listTopics());
    } catch {
      isConnected = false;
      await admin.disconnect().catch(() => undefined);
    }
    await sleep(EVERY_MS);
  }
}

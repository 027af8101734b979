/** The topics that there are, again and again: `feed/watch/topic-watch.ts` looks for those that are gone. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";

const EVERY_MS = 2000;

/** For as long as the process lives. A broker that does not answer says nothing about its topics. */
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

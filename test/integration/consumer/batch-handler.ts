import { setTimeout as sleep } from "node:timers/promises";
import { defineHandler } from "../../../consumer/delivery/handler";

/** Takes some time for each batch, and prints its changes. */
export const handle = defineHandler({
  async handleBatch(changes, context) {
    await sleep(5);
    for (const change of changes) context.print(change);
  },
  mostChanges: 100,
});

import { setTimeout as sleep } from "node:timers/promises";
import { defineHandler } from "../../../consumer/delivery/handler";

/** Takes a while for each batch, and prints what is in it. */
export const handle = defineHandler({
  async handleBatch(changes, context) {
    await sleep(5);
    for (const change of changes) context.print(change);
  },
  mostChanges: 100,
});

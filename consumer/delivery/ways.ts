/** The ways of a batch: to the handler, or to the dead letters. */
import type { Deliver } from "./batch";
import { BatchDelivery } from "./batch-delivery";
import { type CommonOptions, Delivery } from "./delivery";
import type { Callee } from "./handler-life";

export function deliverTo(callee: Callee, options: CommonOptions): Deliver {
  const delivery =
    "handler" in callee ? new Delivery({ ...options, ...callee }) : new BatchDelivery({ ...options, ...callee });
  return (batch, control) => delivery.deliver(batch, control);
}

/** The way of a record that ended the process each time the handler had it: it fails, and the handler does not get it again. */
export function giveUpOn(options: CommonOptions): Deliver {
  const handler = () => {
    throw new Error(
      "the process ended each time that the handler had this change: look for process.exit, for a promise " +
        "that fails and nobody awaits, for an endless loop, and for what takes all the memory (cdc:consumerMemoryMb)",
    );
  };
  const delivery = new Delivery({ ...options, handler, attempts: 1 });
  return (batch, control) => delivery.deliver(batch, control);
}

import type { DeliveryObserver } from "../delivery/observer";
import type { CaptureWatch } from "./watch/capture-watch";
import type { Feed } from "./feed";
import type { Recent } from "./recent";
import type { SlotWatch } from "./watch/slot-watch";
import type { TopicWatch } from "./watch/topic-watch";

/** Parts of the feed that get the delivered records. */
interface Watching {
  recent: Recent;
  feed: Feed;
  captureWatch: CaptureWatch;
  slotWatch: SlotWatch;
  topicWatch: TopicWatch;
}

/** Keeps handled changes for the feed's readers, and wakes the feed each time that some are handled. */
export function feedObserver({ recent, feed, captureWatch, slotWatch, topicWatch }: Watching): DeliveryObserver {
  return {
    batch: () => undefined,
    batchDone: (topic, partition, _done, highWatermark) => topicWatch.reached(topic, partition, highWatermark),
    settled: () => feed.changed(),
    change({ op, table, position, refills }, _arrival, json) {
      if (op !== "snapshot") slotWatch.streamed(position?.lsn ?? null);
      recent.add({ op, table, json });
      if (refills !== undefined) slotWatch.refilled(refills);
    },
    unprinted(event) {
      captureWatch.unprinted(event);
      slotWatch.unprinted(event);
    },
    retry: () => undefined,
    deadLetter: () => undefined,
  };
}

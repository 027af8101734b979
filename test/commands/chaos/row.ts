import type { Row } from "../../../commands/chaos/chaos-results";

/** The row of a fault after which all was well. */
export function row(change: Partial<Row>): Row {
  return {
    ...{ fault: "kill-connect", target: "", from: 0, healed: 1, hands: "none", expectedHands: "none" },
    ...{ lossy: false, doctor: null },
    ...{ committed: 9, lost: [], unhandled: [], invented: [], disorder: [], disorderAtHandler: [] },
    ...{ repeats: 0, repeatsAtHandler: 0, unmarked: 0, deadLetters: 0, caughtUpSeconds: 0 },
    ...change,
  };
}

/** When another consumer of this process joins the group, after kafkajs has given up. */
import { FewTries, mayPass } from "../passing-errors";

/** kafkajs's error when the group's other members assign partitions by another protocol. */
const OTHER_VERSION = "INCONSISTENT_GROUP_PROTOCOL";
const OTHER_VERSION_MS = 500;
/** The pause between two consumers of one process. Some errors come at once, and each one is logged. */
const JOIN_AGAIN_MS = 250;

export interface JoinAgain {
  inMs: number;
  /** A consumer of another version was killed before this one took its place. It is a member until its session ends. */
  isOtherVersion: boolean;
}

/**
 * After an error that may pass, a new consumer joins, however often. After any other error, a new consumer joins a few times before the process
 * ends, because the feed's ring ends with the process.
 */
export class JoiningAgain {
  private readonly fewTries: FewTries;

  /** @param now monotonic ms */
  constructor(now: () => number) {
    this.fewTries = new FewTries(now);
  }

  /** @returns null when the process has to end */
  after(error: Error): JoinAgain | null {
    if ((error as { type?: string }).type === OTHER_VERSION) return { inMs: OTHER_VERSION_MS, isOtherVersion: true };
    const tries = mayPass(error) ? 1 : this.fewTries.next(error);
    return tries === null ? null : { inMs: JOIN_AGAIN_MS * 4 ** (tries - 1), isOtherVersion: false };
  }
}

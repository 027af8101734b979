/** `/dead-letters`: lists records that could not be handled, and sends one back. */
import type { DeadLettersJson, SentBackJson } from "../../api";
import { choose, NotSent } from "../../letters/choose";
import { type Letter, letterJson, type Standing } from "../../letters/letter";
import { BadRequest } from "./query";

/** What the routes ask of Kafka; `kafka/letters/letter-box.ts` answers. */
export interface Letters {
  readonly retryTopic: string | null;
  newest(most: number): Promise<{ standings: Standing[]; total: number; waiting: number }>;
  standing(number: string): Promise<Standing | undefined>;
  sendBack(letters: readonly Letter[]): Promise<void>;
}

const MOST_LETTERS = 200;
const MOST_WAITING = 8;

/** Gives one answer after the other. Two requests at the same time could send a letter back twice. */
export class DeadLetterRoutes {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** @param groupId the consumer's group; only dead letters of this group can be sent back */
  constructor(
    private readonly letters: Letters,
    private readonly groupId: string,
  ) {}

  list(): Promise<DeadLettersJson> {
    return this.inTurn(async () => {
      const { standings, ...counts } = await this.letters.newest(MOST_LETTERS);
      return { deadLetters: standings.map(letterJson), ...counts };
    });
  }

  /** @throws BadRequest with the reason why it cannot be sent */
  again(number: string | null): Promise<SentBackJson> {
    if (!/^\d{1,15}$/.test(number ?? "")) {
      throw new BadRequest(`number is "${number ?? ""}"; allowed: the number of a dead letter`);
    }
    if (this.letters.retryTopic === null) {
      throw new BadRequest("this consumer has no topic that dead letters are sent back by (KAFKA_RETRY_TOPIC)");
    }
    return this.inTurn(async () => {
      try {
        const one = BigInt(number!).toString();
        const standing = await this.letters.standing(one);
        const { send } = choose(standing === undefined ? [] : [standing], [one], [], this.groupId);
        await this.letters.sendBack(send.map(({ letter }) => letter));
        return { sent: Number(number) };
      } catch (error) {
        if (error instanceof NotSent) throw new BadRequest(error.message);
        throw error;
      }
    });
  }

  private inTurn<T>(answer: () => Promise<T>): Promise<T> {
    if (this.waiting >= MOST_WAITING) {
      throw new BadRequest(`${MOST_WAITING} others wait for /dead-letters already; ask again later`);
    }
    this.waiting++;
    const turn = this.last.then(answer).finally(() => this.waiting--);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

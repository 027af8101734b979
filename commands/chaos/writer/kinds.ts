/** The kinds of transactions, and how often each of them comes. */
import type { Random } from "../random";
import { POISON } from "../version";
import { Draft, type Ground, type Transaction } from "./transaction";

interface Kind {
  /** How often this kind comes, relative to the others. */
  weight: number;
  /** @returns undefined when the kind needs rows that do not exist */
  make(draft: Draft, random: Random): Transaction | undefined;
}

/** A transaction on a row that exists. */
function ofPresent(work: (draft: Draft, key: string) => Transaction): Kind["make"] {
  return (draft) => {
    const key = draft.present();
    return key === undefined ? undefined : work(draft, key);
  };
}

const KINDS: Kind[] = [
  { weight: 20, make: (draft) => (draft.insert(), draft.made()) },
  { weight: 30, make: ofPresent((draft, key) => (draft.update(key), draft.made())) },
  { weight: 14, make: ofPresent((draft, key) => (draft.delete(key), draft.made())) },
  { weight: 6, make: ofPresent((draft, key) => (draft.changeKey(key), draft.made())) },
  { weight: 4, make: (draft, random) => (draft.insertMany(random.whole(2, 20)), draft.made()) },
  { weight: 5, make: ofPresent((draft) => (draft.updateMany(8), draft.made())) },
  { weight: 1, make: (draft, random) => (draft.copy(random.whole(10, 50)), draft.made()) },
  {
    weight: 5,
    make: ofPresent((draft, key) => {
      draft.update(key);
      draft.rolledBack();
      draft.insert();
      return draft.made();
    }),
  },
  { weight: 5, make: ofPresent(several) },
];

const PREPARED: Kind = {
  weight: 3,
  make: ofPresent((draft, key) => {
    draft.update(key);
    draft.insert();
    return draft.made(true);
  }),
};

/** Inserts a row, changes it twice, and deletes another one. */
function several(draft: Draft, gone: string): Transaction {
  draft.delete(gone);
  const key = draft.insert();
  draft.update(key);
  draft.update(key);
  return draft.made();
}

/** The most rows of one worker: it searches all of them for each change. */
const MOST_ROWS = 300;

export function mixed(ground: Ground, random: Random, twoPhase: boolean): Transaction {
  if (ground.rows.size > MOST_ROWS) {
    const draft = new Draft(ground, random);
    for (let i = 0; i < 20; i++) draft.delete(draft.present()!);
    return draft.made();
  }
  const kinds = twoPhase ? [...KINDS, PREPARED] : KINDS;
  for (;;) {
    let at = random.next() * kinds.reduce((sum, { weight }) => sum + weight, 0);
    const kind = kinds.find(({ weight }) => (at -= weight) < 0)!;
    const made = kind.make(new Draft(ground, random), random);
    if (made) return made;
  }
}

/** A transaction that is open for seconds while others commit. */
export function long(ground: Ground, random: Random): Transaction {
  const draft = new Draft(ground, random);
  for (let left = random.whole(10, 30); left > 0; left--) {
    const key = ground.rows.size > MOST_ROWS || random.next() < 0.5 ? draft.present() : undefined;
    if (key === undefined) draft.insert();
    else if (ground.rows.size > MOST_ROWS || random.next() < 0.3) draft.delete(key);
    else draft.update(key);
    draft.pause(random.whole(50, 250));
  }
  return draft.made();
}

/** Inserts some rows, then truncates the table. */
export function side(ground: Ground, random: Random): Transaction {
  const draft = new Draft(ground, random);
  if (ground.rows.size >= 10) draft.truncate();
  draft.insert();
  draft.pause(random.whole(50, 300));
  return draft.made();
}

/** Writes one row on which the handler will throw. */
export function poisoned(ground: Ground, random: Random): Transaction {
  const draft = new Draft(ground, random);
  draft.insert(POISON);
  return draft.made();
}

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { report, type Round } from "../../commands/mishaps/mishaps-report";
import { Session } from "../../commands/mishaps/mishaps-session";
import { COORDINATION } from "../support/stack";
import { MISHAPS } from "../../commands/mishaps/all-mishaps";

/** A short run of `npm run mishaps`. */
const SEED = 26;
const ROUNDS = 3;
const session = new Session(
  { rounds: ROUNDS, seed: SEED, coordination: COORDINATION, mishaps: MISHAPS[COORDINATION], purpose: "test-mishaps" },
  (line) => void process.stderr.write(`mishaps: ${line}\n`),
);
let rounds: Round[];

beforeAll(async () => {
  rounds = await session.run();
  process.stderr.write(`${report(rounds, SEED)}\n`);
}, 400_000);

afterAll(() => session.clear(), 60_000);

test(`${ROUNDS} rounds, seed ${SEED}: one npm start each, the rows are there, and tables and topics are equal`, () => {
  expect(rounds.map(({ trouble }) => trouble)).toEqual([null, null, null]);
});

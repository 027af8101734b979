import { expect, jest, test } from "@jest/globals";
import { teller } from "../../components/teller";

test("what goes on is said after a moment and then ever more seldom; another kind of news at once", () => {
  jest.useFakeTimers();
  try {
    const said: string[] = [];
    const tell = teller((line) => void said.push(line));
    for (let second = 0; second < 60; second++) {
      tell(`rows ${second}`);
      if (second === 3) tell("held", "held");
      if (second >= 3 && second < 6) tell("held still", "held");
      jest.advanceTimersByTime(1000);
    }
    expect(said).toEqual(["rows 2", "held", "held still", "rows 9", "rows 17", "rows 33"]);
  } finally {
    jest.useRealTimers();
  }
});

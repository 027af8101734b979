import { expect, jest, test } from "@jest/globals";
import { teller } from "../../../program/dynamic/teller";

test("progress is reported after a moment and then less and less often; another kind of news at once", () => {
  jest.useFakeTimers();
  try {
    const said: string[] = [];
    const tell = teller((line) => void said.push(line));
    for (let second = 0; second < 60; second++) {
      if (second >= 20 && second < 25) tell(`held ${second}`, "held");
      else tell(`rows ${second}`);
      jest.advanceTimersByTime(1000);
    }
    expect(said).toEqual([
      ...["rows 2", "rows 6", "rows 14"],
      ...["held 20", "held 22"],
      ...["rows 26", "rows 34", "rows 50"],
    ]);
  } finally {
    jest.useRealTimers();
  }
});

import { expect, test } from "@jest/globals";
import { deadLetter } from "../../support/fakes/fake-consumer";
import { eventually, TEST_MS, useStage } from "./browser";

const stage = useStage();

test(
  "dead letters with error, key and value; one is run again, and what becomes of it is shown",
  async () => {
    const { letters } = stage.consumer;
    letters.push(deadLetter(3), deadLetter(4, { error: "<b>no</b>\nsuch row" }), deadLetter(5, { state: "handled" }));
    const page = await stage.open({}, "/#letters");
    const heads = () => page.locator("#letters .state").allTextContents();
    await eventually(heads, ["sent back, handled", "waiting", "waiting"]);
    expect(await page.locator("#letters-note").textContent()).toBe("3 in all, 2 waiting");
    expect(await page.locator("#letters .error").allTextContents()).toEqual([
      "cannot handle the row 5",
      "<b>no</b>\nsuch row",
      "cannot handle the row 3",
    ]);
    expect(await page.locator("#letters code").allTextContents()).toEqual(['{"id":5}', '{"id":4}', '{"id":3}']);
    await page.locator("#letter-4 summary").click();
    expect(await page.locator("#letter-4 pre").textContent()).toBe('{"op":"c","after":{"id":4}}');

    await page.getByRole("button", { name: "Run again dead letter 4" }).click();
    await eventually(heads, ["sent back, handled", "sent back …", "waiting"]);
    // The page looks again by itself, and the open letter stays open.
    Object.assign(letters[1]!, { state: "failed again", failedAs: 6 });
    letters.push(deadLetter(6, { retryOf: 4 }));
    await eventually(heads, ["waiting", "sent back, handled", "failed again as #6", "waiting"]);
    expect(await page.locator("#letter-4").getAttribute("open")).toBe("");
    expect(stage.consumer.requests.filter((path) => path.includes("again"))).toEqual(["/dead-letters/again?number=4"]);
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

test(
  "one that was sent back meanwhile is refused with the reason",
  async () => {
    stage.consumer.letters.push(deadLetter(3));
    const page = await stage.open({}, "/#letters");
    const button = page.getByRole("button", { name: "Run again dead letter 3" });
    await button.waitFor();
    stage.consumer.letters[0]!.state = "handled";
    await button.click();
    await eventually(() => page.locator("#letters-note").textContent(), "Dead letter 3 is sent back already.");
    expect(await button.count()).toBe(0);
  },
  TEST_MS,
);

test(
  "without any the tab says so",
  async () => {
    const page = await stage.open();
    await page.getByRole("tab", { name: "Dead letters" }).click();
    await eventually(() => page.locator("#letters-note").textContent(), "No dead letters");
    expect(new URL(page.url()).hash).toBe("#letters");
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

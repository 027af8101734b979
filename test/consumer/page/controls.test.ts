import { expect, test } from "@jest/globals";
import { customer } from "../../support/fakes/fake-consumer";
import { column, eventually, TEST_MS, useStage } from "./browser";

const stage = useStage();

test(
  "filters by table, op and text, and the counts stay those of the whole stream",
  async () => {
    const page = await stage.open();
    stage.consumer.send(
      { op: "create", after: customer(1) },
      { op: "update", before: customer(1), after: customer(1, { email: "x@example.com" }) },
      { op: "create", table: "public.orders", after: { id: 2, note: "For Ada" } },
      { op: "delete", table: "public.orders", before: { id: 3 } },
    );
    await eventually(() => page.locator("#facet-tables .choice").count(), 2);
    await page.locator("#facet-tables label", { hasText: "public.orders" }).click();
    await eventually(() => column(page, "key"), ["3", "2"]);
    await page.locator("#facet-ops label", { hasText: "create" }).click();
    await eventually(() => column(page, "key"), ["2"]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await eventually(() => column(page, "key"), ["3", "2", "1", "1"]);
    await page.locator("#text").fill("for ada");
    await eventually(() => column(page, "key"), ["2"]);
    stage.consumer.send(
      { op: "create", after: customer(9) },
      { op: "create", after: customer(10, { email: "for ada" }) },
    );
    await eventually(() => column(page, "key"), ["10", "2"]);
    expect(new URL(page.url()).search).toBe("?text=for+ada");
    await eventually(() => page.locator("#total").textContent(), "6");
    expect(await page.locator("#facet-ops .count").allTextContents()).toEqual(["0", "4", "1", "1", "0", "0"]);
  },
  TEST_MS,
);

test(
  "a filter in the address is in force when the page opens; nothing that matches is said so",
  async () => {
    stage.consumer.send({ op: "create", after: customer(1) });
    const page = await stage.open({}, "/?op=delete");
    await page.getByText("No change matches").waitFor();
    expect(await page.getByRole("checkbox", { name: /delete/ }).isChecked()).toBe(true);
    await page.locator("#empty button").click();
    await eventually(() => column(page, "key"), ["1"]);
  },
  TEST_MS,
);

test(
  "a filter finds what came before the page kept track of it",
  async () => {
    stage.consumer.send({ op: "delete", before: customer(1) });
    for (let id = 2; id <= 4_000; id++) stage.consumer.send({ op: "create", after: customer(id) });
    const page = await stage.open();
    await page.getByRole("checkbox", { name: /delete/ }).check();
    await eventually(() => column(page, "key"), ["1"]);
    await page.reload();
    await eventually(() => column(page, "key"), ["1"]);
  },
  TEST_MS,
);

test(
  "pause stands still, resume shows every change that was missed",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "create", after: customer(1) });
    await eventually(() => column(page, "key"), ["1"]);
    await page.getByRole("button", { name: "Pause" }).click();
    for (let id = 2; id <= 251; id++) stage.consumer.send({ op: "create", after: customer(id) });
    await page.getByRole("button", { name: "Resume · 250 new" }).waitFor();
    expect(await column(page, "key")).toEqual(["1"]);
    await page.getByRole("button", { name: "Resume" }).click();
    await eventually(
      () => column(page, "key"),
      Array.from({ length: 251 }, (_, i) => String(251 - i)),
    );
  },
  TEST_MS,
);

test(
  "a pause longer than the page's memory is filled from the consumer",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "create", after: customer(1) });
    await eventually(() => column(page, "key"), ["1"]);
    await page.getByRole("button", { name: "Pause" }).click();
    // More changes than the page keeps: the rare ones at the start are no longer in it.
    for (let id = 2; id <= 6; id++) stage.consumer.send({ op: "delete", before: customer(id) });
    for (let id = 7; id <= 9_000; id++) stage.consumer.send({ op: "snapshot", after: customer(id) });
    await page.getByRole("button", { name: "Resume · 8,999 new" }).waitFor();
    const before = stage.consumer.requests.length;
    await page.getByRole("button", { name: "Resume" }).click();
    await eventually(() => column(page, "op"), ["snapshot", ...Array<string>(5).fill("delete"), "create"]);
    expect(await column(page, "what")).toContain("8,994 rows read");
    expect(stage.consumer.requests.slice(before).filter((url) => url.startsWith("/changes?"))).toHaveLength(1);
  },
  TEST_MS,
);

test(
  "all of it works by keyboard",
  async () => {
    const page = await stage.open();
    for (let id = 1; id <= 5; id++) stage.consumer.send({ op: "create", after: customer(id) });
    await eventually(() => page.locator(".line").count(), 5);
    const focused = (): Promise<string> =>
      page.evaluate(
        () => document.activeElement?.querySelector(".key")?.textContent ?? document.activeElement?.id ?? "",
      );

    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("4");
    stage.consumer.send({ op: "create", after: customer(6) });
    await page.getByRole("button", { name: "Resume · 1 new" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".detail").waitFor();
    expect(await page.locator('.line[aria-expanded="true"] .key').textContent()).toBe("4");
    await page.keyboard.press("Escape");
    await eventually(() => page.locator(".detail").count(), 0);
    await eventually(() => page.locator(".line").count(), 6);

    await page.keyboard.press("/");
    expect(await focused()).toBe("text");
    await page.keyboard.type("ada3");
    await eventually(() => column(page, "key"), ["3"]);
    await page.keyboard.press("Escape");
    await eventually(() => page.locator(".line").count(), 6);
    await page.keyboard.press("Escape");
    await page.keyboard.press("p");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.keyboard.press("p");
    await page.getByRole("button", { name: "Pause" }).waitFor();

    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.getByRole("button", { name: "Close" }).press("Enter");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

test(
  "only one line is a stop for the Tab key",
  async () => {
    const page = await stage.open();
    for (let id = 1; id <= 5; id++) stage.consumer.send({ op: "create", after: customer(id) });
    await eventually(() => page.locator(".line").count(), 5);
    expect(await page.locator('.line[tabindex="0"]').count()).toBe(1);
  },
  TEST_MS,
);

test(
  "a reader who has scrolled down is not carried off, and finds the way back",
  async () => {
    const page = await stage.open();
    for (let id = 1; id <= 200; id++) stage.consumer.send({ op: "create", after: customer(id) });
    await eventually(() => page.locator(".line").count(), 200);
    await page.mouse.move(800, 600);
    await page.mouse.wheel(0, 2_000);
    await eventually(() => page.evaluate(() => scrollY > 1_000), true);
    stage.consumer.send({ op: "create", after: customer(201) });
    const pill = page.locator("#pill", { hasText: "1 new" });
    await pill.waitFor();
    expect(await page.locator(".line").count()).toBe(200);
    await pill.click();
    await eventually(async () => (await column(page, "key"))[0], "201");
  },
  TEST_MS,
);

import { expect, test } from "@jest/globals";
import { customer } from "../../support/fakes/fake-consumer";
import { column, eventually, TEST_MS, useStage } from "./browser";

const stage = useStage();

test(
  "changes from before and after the page was opened are there, newest first",
  async () => {
    stage.consumer.send({ op: "create", after: customer(1) });
    const page = await stage.open();
    stage.consumer.send({ op: "delete", before: customer(2) }, { op: "create", after: customer(3) });
    await eventually(() => column(page, "key"), ["3", "2", "1"]);
    expect(await column(page, "op")).toEqual(["create", "delete", "create"]);
    expect(await column(page, "table")).toEqual(Array(3).fill("public.customers"));
    await eventually(() => page.locator("#total").textContent(), "3");
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

test(
  "an update shows what changed, before and after, and nothing else",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "update", before: customer(1), after: customer(1, { email: "new@example.com" }) });
    await eventually(
      () => column(page, "what"),
      ["email ada1@example.com → new@example.com"].map((s) => `${s} `),
    );
  },
  TEST_MS,
);

test(
  "null, empty and the word null look different",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "create", after: { id: 1, a: null, b: "", c: "null" } });
    await page.locator(".row").waitFor();
    const kinds = await page.locator(".what .value").evaluateAll((all) => all.map((v) => [v.className, v.textContent]));
    expect(kinds).toEqual([
      ["value is-null", "null"],
      ["value is-empty", "empty"],
      ["value is-text", "null"],
    ]);
  },
  TEST_MS,
);

test(
  "snapshot rows are folded into one line per table, which opens",
  async () => {
    const page = await stage.open();
    for (let id = 1; id <= 120; id++) stage.consumer.send({ op: "snapshot", after: customer(id) });
    stage.consumer.send({ op: "snapshot", table: "public.orders", after: { id: 1 } });
    await eventually(() => column(page, "what"), ["1 row read", "120 rows read"]);
    await page.locator(".line").nth(1).click();
    expect(await page.locator(".detail tbody tr").count()).toBe(50);
    expect(await page.locator(".detail .hint").textContent()).toBe("The last 50 of 120 rows, newest first");
  },
  TEST_MS,
);

test(
  "what a row holds is text, never part of the page",
  async () => {
    const page = await stage.open();
    const hostile = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">`;
    stage.consumer.send(
      { op: "update", before: customer(1), after: customer(1, { email: hostile, [hostile]: hostile }) },
      { op: "create", table: hostile, after: { id: hostile, first_name: hostile } },
      { op: "message", table: "", message: { prefix: hostile, content: Buffer.from(hostile).toString("base64") } },
      { op: "snapshot", table: `public.${hostile}`, after: { id: hostile } },
    );
    await eventually(() => page.locator(".line").count(), 4);
    expect((await column(page, "what"))[3]).toContain(hostile);
    for (const line of await page.locator(".line").all()) await line.click();
    await eventually(() => page.locator(".detail").count(), 4);
    await eventually(() => page.locator("#facet-tables .choice").count(), 3);
    const found = await page.evaluate(() => ({
      hacked: "hacked" in window,
      elements: document.querySelectorAll("main img, main script").length,
    }));
    expect(found).toEqual({ hacked: false, elements: 0 });
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

test(
  "a megabyte of text is shortened, and opens piece by piece without stopping the page",
  async () => {
    const page = await stage.open();
    const text = "lorem ipsum ".repeat(87_400);
    stage.consumer.send({ op: "create", after: { id: 1, text } });
    await page.locator(".line").click();
    expect(((await column(page, "what"))[0] ?? "").length).toBeLessThan(200);
    const value = page.locator(".detail .whole");
    const more = page.locator(".detail button", { hasText: "Show more" });
    expect(((await value.textContent()) ?? "").length).toBe(600);
    const began = Date.now();
    await more.click();
    await eventually(async () => (await value.textContent())?.length, 20_600);
    expect(await more.textContent()).toBe("Show more (1,028,200 characters left)");
    expect(Date.now() - began).toBeLessThan(5_000);
  },
  TEST_MS,
);

test(
  "an opened row tells all columns and where the change comes from",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "update", before: customer(7), after: customer(7, { first_name: "Grace" }) });
    await page.locator(".line").click();
    const rows = await page
      .locator(".detail tbody tr")
      .evaluateAll((all) => all.map((row) => [row.className, ...[...row.children].map((cell) => cell.textContent)]));
    expect(rows).toEqual([
      ["", "id", "7", "7"],
      ["changed", "first_name", "Ada", "Grace"],
      ["", "last_name", "Lovelace", "Lovelace"],
      ["", "email", "ada7@example.com", "ada7@example.com"],
    ]);
    const facts = await page.locator(".facts").textContent();
    for (const fact of ["0/1A2B038", "740", "cdctest.public.customers/0, offset 0", "5.3 ms"])
      expect(facts).toContain(fact);
  },
  TEST_MS,
);

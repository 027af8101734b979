import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import type { ChangeJson, LatestRowJson } from "../../../../consumer/api";
import { customer, TABLE } from "../../../support/fakes/fake-consumer";
import { column, eventually, TEST_MS, useStage } from "../browser";

const stage = useStage();
const TOPIC = `cdctest.${TABLE}`;

function latest(id: number): LatestRowJson {
  return { key: { id }, row: customer(id), op: "snapshot", committedAt: null, partition: 0, offset: String(id) };
}

/** The cells of the column with this heading. */
async function cells(page: Page, heading: string): Promise<string[]> {
  const names = await page.locator("#rows-table th").allTextContents();
  return page.locator(`#rows-table tbody td:nth-child(${names.indexOf(heading) + 1})`).allTextContents();
}

test(
  "the rows of a table are as the topic tells them, and follow its changes",
  async () => {
    stage.consumer.rows[TOPIC] = { rows: [latest(2), latest(1)], topic: TOPIC, whole: true, records: 2 };
    const page = await stage.open();
    await page.getByRole("tab", { name: "Rows" }).click();
    await eventually(() => cells(page, "id"), ["2", "1"]);
    expect(await page.locator("#rows-note").textContent()).toBe("2 rows");
    stage.consumer.send(
      { op: "update", before: customer(1), after: customer(1, { email: "x@example.com" }), offset: "7" },
      { op: "create", after: customer(3), offset: "8" },
      { op: "delete", before: customer(2), offset: "9" },
    );
    await eventually(() => cells(page, "id"), ["3", "1"]);
    await eventually(() => cells(page, "email"), ["ada3@example.com", "x@example.com"]);
    await page.locator("#rows-topic").selectOption("cdctest.public.orders");
    await eventually(() => page.locator("#rows-note").textContent(), "0 rows");
    // The other view was updated meanwhile.
    await page.getByRole("tab", { name: "Changes" }).click();
    await eventually(() => column(page, "key"), ["2", "3", "1"]);
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

test(
  "the view is in the address, and the tabs go by arrow keys",
  async () => {
    const page = await stage.open({}, "/?op=delete#rows");
    await page.locator("#view-rows").waitFor();
    await page.getByRole("tab", { name: "Rows" }).press("ArrowLeft");
    await page.locator("#view-changes").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    expect(new URL(page.url()).search).toBe("?op=delete");
  },
  TEST_MS,
);

test(
  "the changes that match are downloaded, a line of JSON each; an open one shows its own JSON and size",
  async () => {
    stage.consumer.send({ op: "create", after: customer(1) }, { op: "delete", before: customer(2) });
    const page = await stage.open({}, "/?op=create");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("changes.jsonl");
    const lines = readFileSync(await file.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => (JSON.parse(line) as ChangeJson).after)).toEqual([customer(1)]);
    await page.locator("#feed .line").first().click();
    await page.getByRole("button", { name: "Raw JSON" }).click();
    const raw = await page.locator("#feed .raw").textContent();
    expect(raw).toMatch(/^\{\s+"id": 1,/);
    await page.getByText("Size as JSON").waitFor();
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

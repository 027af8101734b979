import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { customer, deadLetter } from "../../support/fakes/fake-consumer";
import { eventually, TEST_MS, useStage } from "./browser";

const stage = useStage();
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Rules that are broken, with the places. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugging protocol, because the page's policy forbids scripts from elsewhere.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await checker.run(document);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`),
    );
  });
}

function sendOneOfEach(): void {
  stage.consumer.send(
    { op: "snapshot", after: customer(1) },
    { op: "create", after: { id: 2, a: null, b: "", long: "x".repeat(2_000) } },
    { op: "update", before: customer(1), after: customer(1, { email: "x" }), duplicate: "redelivered" },
    { op: "delete", before: customer(1) },
    { op: "truncate" },
    { op: "message", table: "", message: { prefix: "p", content: "aGk=" } },
  );
}

for (const colorScheme of ["light", "dark"] as const) {
  test(
    `axe finds nothing wrong in ${colorScheme}`,
    async () => {
      const page = await stage.open({ colorScheme, reducedMotion: "reduce" });
      await page.getByText("Waiting for the first change").waitFor();
      expect(await violations(page)).toEqual([]);
      sendOneOfEach();
      await eventually(() => page.locator(".line").count(), 6);
      expect(await violations(page)).toEqual([]);
      for (const line of await page.locator(".line").all()) await line.click();
      await page.getByRole("checkbox", { name: /update/ }).check();
      await page.getByRole("checkbox", { name: /update/ }).uncheck();
      expect(await violations(page)).toEqual([]);
      await page.locator("#help-open").click();
      expect(await violations(page)).toEqual([]);
      expect(stage.complaints).toEqual([]);
    },
    TEST_MS,
  );

  test(
    `axe finds nothing wrong in ${colorScheme} with the dead letters`,
    async () => {
      stage.consumer.letters.push(deadLetter(3), deadLetter(4, { state: "handled", value: null, valueOmitted: true }));
      const page = await stage.open({ colorScheme, reducedMotion: "reduce" }, "/#letters");
      await page.locator("#letter-3 summary").click();
      expect(await violations(page)).toEqual([]);
    },
    TEST_MS,
  );

  test(
    `axe finds nothing wrong in ${colorScheme} when the connection is lost`,
    async () => {
      const page = await stage.open({ colorScheme, reducedMotion: "reduce" });
      sendOneOfEach();
      await eventually(() => page.locator(".line").count(), 6);
      stage.consumer.breakConnections();
      await page.context().setOffline(true);
      stage.consumer.breakConnections();
      await page.locator("#link").waitFor();
      expect(await violations(page)).toEqual([]);
    },
    TEST_MS,
  );
}

test(
  "fits the width of a phone, closed and open",
  async () => {
    const page = await stage.open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    sendOneOfEach();
    stage.consumer.send({ op: "create", table: `public.${"very_long_".repeat(12)}`, after: { id: "k".repeat(300) } });
    await eventually(() => page.locator(".line").count(), 7);
    expect(await overflow()).toBe(0);
    for (const line of await page.locator(".line").all()) await line.tap();
    await page.locator("#facets summary").tap();
    expect(await overflow()).toBe(0);
    expect(await violations(page)).toEqual([]);
  },
  TEST_MS,
);

test(
  "talks to nobody but its own consumer, under a policy that forbids all else",
  async () => {
    const page = await stage.open();
    sendOneOfEach();
    await eventually(() => page.locator(".line").count(), 6);
    await page.waitForTimeout(1_500);
    expect([...stage.hosts]).toEqual([new URL(stage.consumer.url).host]);
    const response = await page.request.get(stage.consumer.url);
    expect(response.headers()["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(stage.complaints).toEqual([]);
  },
  TEST_MS,
);

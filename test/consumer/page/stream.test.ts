import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { customer, FakeConsumer } from "../../support/fakes/fake-consumer";
import { column, eventually, TEST_MS, useStage } from "./browser";

const stage = useStage();

test(
  "after a restart of the consumer the page goes on by itself and shows what it missed",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "create", after: customer(1) });
    await eventually(() => column(page, "key"), ["1"]);
    stage.consumer = await stage.consumer.restart();
    stage.consumer.send({ op: "create", after: customer(2) });
    await eventually(() => column(page, "key"), ["2", "1"]);
    stage.consumer.send({ op: "create", after: customer(3) });
    await eventually(() => column(page, "key"), ["3", "2", "1"]);
    expect(await page.locator(".mark.note").allTextContents()).toEqual(["The consumer restarted"]);
  },
  TEST_MS,
);

test(
  "a lost connection is said, with a way to try at once",
  async () => {
    const page = await stage.open();
    const { consumer } = stage;
    const { port } = consumer;
    await page.clock.install();
    await consumer.stop();
    await page.locator("#link", { hasText: "No connection to the consumer" }).waitFor();
    await page.locator('[data-part="consumer"][data-state="down"]').waitFor();
    expect(await page.locator('[data-part="database"]').getAttribute("data-state")).toBe("unknown");
    // With its clock stopped, the page cannot try again by itself. So the button brings the connection back.
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 5_000);
    await page.locator("#link", { hasText: "No connection to the consumer" }).waitFor();
    stage.consumer = await FakeConsumer.start({ ...consumer.options, port });
    await page.getByRole("button", { name: "Try now" }).click();
    await page.locator("#link").waitFor({ state: "hidden" });
    await page.clock.resume();
    await page.locator('[data-part="consumer"][data-state="up"]').waitFor();
  },
  TEST_MS,
);

test(
  "a long absence is shown whole, not as a sample",
  async () => {
    const page = await stage.open();
    stage.consumer.send({ op: "create", after: customer(1) });
    await eventually(() => column(page, "key"), ["1"]);
    await page.context().setOffline(true);
    // Offline blocks new connections only, so the old one is broken by the consumer.
    stage.consumer.breakConnections();
    await page.locator("#link", { hasText: "No connection" }).waitFor();
    for (let id = 2; id <= 1_001; id++) stage.consumer.send({ op: "create", after: customer(id) });
    await page.context().setOffline(false);
    await eventually(async () => (await column(page, "key"))[0], "1001");
    expect(await page.locator(".mark").count()).toBe(0);
    await page.locator("#text").fill("ada2@");
    await eventually(() => column(page, "key"), ["2"]);
  },
  TEST_MS,
);

test(
  "the strip tells each part's state in words",
  async () => {
    stage.consumer.status = {
      ...stage.consumer.status,
      connector: { state: "down", detail: "customer-cdc failed: password authentication failed" },
      broker: { state: "warning", detail: "slow" },
    };
    const page = await stage.open();
    await page.locator('[data-part="connector"][data-state="down"]').waitFor();
    expect(await page.locator("#strip .word").allTextContents()).toEqual(["up", "down", "warning", "up"]);
    expect(await page.locator('[data-part="connector"]').getAttribute("title")).toContain(
      "password authentication failed",
    );
  },
  TEST_MS,
);

test(
  "at 5,000 changes a second frames go on, rows are sampled and said so, counts are exact",
  async () => {
    const page = await stage.open();
    await page.evaluate(() => {
      const frames = { count: 0, longest: 0, last: performance.now() };
      Object.assign(window, { frames });
      const frame = (now: number): void => {
        frames.count++;
        frames.longest = Math.max(frames.longest, now - frames.last);
        frames.last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const busySeconds = await mainThread(page);
    const began = performance.now();
    let sent = 0;
    let creates = 0;
    let saidSo = false;
    // The changes of four seconds. After a look at the page that takes long, it catches up.
    while (sent < 20_000) {
      const due = Math.min(20_000, Math.floor((performance.now() - began) * 5));
      for (; sent < due; sent++) {
        const row = customer(sent);
        if (sent % 2) stage.consumer.send({ op: "update", before: row, after: { ...row, email: "x" } });
        else stage.consumer.send({ op: "create", after: row });
        creates += sent % 2 ? 0 : 1;
      }
      if (sent > 10_000) saidSo ||= await page.locator("#sampling").isVisible();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(saidSo).toBe(true);
    await eventually(() => page.locator("#total").textContent(), sent.toLocaleString("en"));
    await eventually(
      () => page.locator("#facet-ops label", { hasText: "create" }).locator(".count").textContent(),
      creates.toLocaleString("en"),
    );
    const frames = await page.evaluate(
      () => (window as unknown as { frames: { count: number; longest: number } }).frames,
    );
    // A share of the processor, and no number of frames: those are fewer where the machine is busy with something else.
    expect(await busySeconds()).toBeLessThan(0.6 * (sent / 5_000));
    expect(frames.count).toBeGreaterThan(10);
    expect(frames.longest).toBeLessThan(1_500);
    const rows = await page.locator("#feed li").count();
    expect(rows).toBeLessThanOrEqual(300);
    // Every change is either a row or counted in a mark that says how many are left out.
    await page.locator("#sampling").waitFor({ state: "hidden" });
    expect(await page.locator(".mark").first().textContent()).toMatch(/^[\d,]+ more not shown$/);
    expect((await column(page, "key"))[0]).toBe(String(sent - 1));
  },
  TEST_MS,
);

/** @returns how many seconds of the processor the page's main thread takes from now on; time in which it waits for a core is not in it */
async function mainThread(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taken = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const before = await taken();
  return async () => (await taken()) - before;
}

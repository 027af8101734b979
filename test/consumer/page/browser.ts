/** One browser and one bundle for a file of tests; a consumer and a page of its own for each test. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium } from "../../support/chromium";
import { buildPage, FakeConsumer, type BuiltPage } from "../../support/fakes/fake-consumer";

export interface Stage {
  consumer: FakeConsumer;
  page: Page;
  /** Errors and warnings of the page's console, and exceptions. */
  complaints: string[];
  /** Hosts to which the page sent requests. */
  hosts: Set<string>;
  open: (options?: BrowserContextOptions, path?: string) => Promise<Page>;
}

/** Milliseconds for the set-up, in which a browser may have to be installed on a slow machine with two cores. */
const SETUP_MS = 300_000;
export const TEST_MS = 60_000;

export function useStage(): Stage {
  const stage = { complaints: [], hosts: new Set() } as unknown as Stage;
  let browser: Browser;
  let built: BuiltPage;

  beforeAll(async () => {
    browser = await launchChromium();
    built = await buildPage();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    built?.remove();
  }, TEST_MS);

  beforeEach(async () => {
    stage.consumer = await FakeConsumer.start({ pageDirectory: built.directory });
    stage.complaints.length = 0;
    stage.hosts.clear();
    stage.open = async (options = {}, path = "/") => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) stage.complaints.push(message.text());
      });
      page.on("pageerror", (error) => stage.complaints.push(String(error)));
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol !== "data:") stage.hosts.add(url.host);
      });
      await page.goto(stage.consumer.url + path);
      await page.locator('#strip [data-part="consumer"][data-state="up"]').waitFor();
      return (stage.page = page);
    };
  }, TEST_MS);
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    await stage.consumer.stop();
  }, TEST_MS);
  return stage;
}

/** Looks again until the value is as wanted. The failure shows the last value. */
export async function eventually<T>(look: () => Promise<T>, wanted: T, withinMs = 10_000): Promise<void> {
  const until = Date.now() + withinMs;
  let seen = await look();
  while (JSON.stringify(seen) !== JSON.stringify(wanted) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await look();
  }
  expect(seen).toEqual(wanted);
}

/** The texts of a column, newest line first. */
export function column(page: Page, name: string): Promise<string[]> {
  return page.locator(`#feed .line .${name}`).allTextContents();
}

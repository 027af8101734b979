/** `npm run screenshot`: takes pictures of the running stack's page, for the README. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { launchChromium } from "../test/support/chromium";
import { stackUrl } from "./watch/stack-url";
import { runMain } from "./terminal/main";
import { readArguments } from "./terminal/usage";

const HELP = `Takes pictures of the feed page: feed-light.png, feed-dark.png and feed-phone.png.

  npm run screenshot -- [options]

  --url URL       the page (default: the stack's output feedUrl)
  --out FOLDER    where to put them (default docs)
  --seconds N     how long the page collects before the picture (default 20)

Run \`npm run demo\` meanwhile, so that there is something to see.
`;

const DESK = { viewport: { width: 1440, height: 860 }, deviceScaleFactor: 2 };
const PICTURES: Record<string, BrowserContextOptions> = {
  light: { ...DESK, colorScheme: "light" },
  dark: { ...DESK, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

async function main(): Promise<void> {
  const { values } = readArguments({
    args: process.argv.slice(2),
    options: {
      url: { type: "string" },
      out: { type: "string", default: "docs" },
      seconds: { type: "string", default: "20" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const seconds = Number(values.seconds);
  if (!(seconds >= 0)) throw new Error(`--seconds is "${values.seconds}"; allowed is a number from 0`);
  const url = values.url ?? (await stackUrl((text) => console.error(text)));
  mkdirSync(values.out, { recursive: true });
  const browser = await launchChromium();
  try {
    // All three pages show the same seconds.
    await Promise.all(
      Object.entries(PICTURES).map(async ([name, options]) => {
        const page = await (await browser.newContext({ ...options, reducedMotion: "reduce" })).newPage();
        await page.goto(url);
        await page.waitForTimeout(seconds * 1000);
        if ((await page.locator("#feed li").count()) === 0) {
          throw new Error(`${url} shows no change after ${seconds} s; is the demo running?`);
        }
        const path = join(values.out, `feed-${name}.png`);
        await page.screenshot({ path });
        process.stdout.write(`${path}\n`);
      }),
    );
  } finally {
    await browser.close();
  }
}

runMain(main);

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { feedOf } from "../../../commands/stack/stack-outputs";
import { poll } from "../../../components/poll";
import { launchChromium } from "../../support/chromium";
import { docker } from "../../support/stack";
import type { Rig } from "./rig";

/** Milliseconds between changes: slow enough to be shown line by line, and few enough for one view. */
const EVERY_MS = 50;
const BEFORE_AND_AFTER = 20;

export function page(rig: Rig): void {
  test("the page goes on after a restart of the consumer: each change is shown once, also those written meanwhile", async () => {
    const browser = await launchChromium();
    try {
      const view = await browser.newPage();
      await view.goto(feedOf(rig.outputs));
      await rig.followed(1);
      let written = 0;
      const write = async () => {
        await rig.database.query("insert into shown values ($1)", [++written]);
        await sleep(EVERY_MS);
      };
      while (written < BEFORE_AND_AFTER) await write();
      let restarted = false;
      const restart = docker("restart", rig.container).then(() => (restarted = true));
      while (!restarted) await write();
      await restart;
      for (let i = 0; i < BEFORE_AND_AFTER; i++) await write();
      const keys = Array.from({ length: written }, (_, i) => String(written - i));
      expect(await keysOnceShown(view, keys[0]!)).toEqual(keys);
      expect(await view.locator("#feed .mark").allTextContents()).toEqual(["The consumer restarted"]);
    } finally {
      await browser.close();
    }
  }, 300_000);
}

/** Keys of the table's lines, newest first, once `newest` is the newest. */
function keysOnceShown(view: Page, newest: string): Promise<string[]> {
  const lines = view.locator("#feed .line", { hasText: "public.shown" });
  return poll<string[]>(
    async () => {
      const keys = await lines.locator(".key").allTextContents();
      return keys[0] === newest ? { done: true, value: keys } : { done: false, seen: `the newest is ${keys[0]}` };
    },
    { what: `the page to show row ${newest}`, deadlineMs: 30_000 },
  );
}

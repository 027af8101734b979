// The first step of `npm run rebuild`: gets the present Debian as the base of all images, in the way in which this machine gets one.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BASE_IMAGE } from "./plan/base-image.mjs";
import { lookAround } from "./plan/facts.mjs";
import { acquireLock } from "./lock.mjs";
import { stopOnSignals } from "./programs/command.mjs";
import { renewals } from "./plan/plan.mjs";
import { reporter, took } from "./report.mjs";
import { place } from "./setup.mjs";
import { baseImage } from "./steps/base-image-step.mjs";

stopOnSignals();
const here = place();
const report = reporter(process.stderr);
mkdirSync(here.logs, { recursive: true });
const release = await acquireLock(join(here.cache, "lock"), (pid) =>
  report.line(`Waiting for another set-up (process ${pid}) …`),
);
try {
  const log = join(here.logs, "base-image.log");
  rmSync(log, { force: true });
  const context = { ...here, log };
  await renewed(context, renewals(await lookAround(here)), log);
} finally {
  release();
}

async function renewed(context, ways, log) {
  for (const way of ways) {
    const begun = Date.now();
    try {
      return await report.step(baseImage.title[way], () => baseImage[way](context));
    } catch (error) {
      report.line(`${BASE_IMAGE} (${way}, ${took(begun)}): ${error.message}, see ${log}`);
    }
  }
  // This costs only time, because each image's build updates the packages of its base.
  report.line(`${BASE_IMAGE} stays as it is; its packages are updated in each image.`);
}

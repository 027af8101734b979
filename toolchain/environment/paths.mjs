// Where things are. Only this file knows where the project lies; the rest gets its folders as arguments.
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.mjs";

/** The project's folder: the one with Pulumi.yaml and package.json. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The module that Pulumi's Node processes load first. */
export const leanSdk = join(root, "program", "lean-sdk.cjs");

/** Downloads, builds, logs and the lock: outside the checkout, so that a second clone finds them made. */
export const cache = cacheFolder(process.platform, process.env, homedir());

/** Pulumi's own folder, where plugins and its downloads live. */
export const pulumiHome = process.env.PULUMI_HOME || join(homedir(), ".pulumi");

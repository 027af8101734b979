// Makes the Pulumi CLI: downloads the official release, or builds the CLI where releases cannot be downloaded.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliBuild, LAUNCHER } from "../compile/builds.mjs";
import { run } from "../programs/command.mjs";
import { goBuild } from "../compile/go.mjs";
import { npm } from "../programs/npm.mjs";
import { CLI_DOWNLOADER } from "../plan/versions.mjs";

const SECONDS_TO_DOWNLOAD = 300;

export const cli = {
  title: { download: "Pulumi CLI: downloaded", build: "Pulumi CLI: built from its Go module" },
  /** Into PULUMI_HOME, where the Automation API also looks. */
  download({ pins, log, env, cache }) {
    const [command, args] = npm(["exec", "--yes", "--package", CLI_DOWNLOADER, "--", "pulumi", "version"], env);
    const options = { log, cwd: cache, env: { ...env, PULUMI_VERSION: pins.pulumi }, seconds: SECONDS_TO_DOWNLOAD };
    return run(command, args, options);
  },
  async build(context) {
    const build = cliBuild(context);
    await goBuild(build, context);
    const launcher = join(build.folder, LAUNCHER.file);
    writeFileSync(launcher, LAUNCHER.text);
    chmodSync(launcher, 0o755);
  },
};

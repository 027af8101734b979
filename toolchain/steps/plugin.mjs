// Makes a resource plugin: installs the official release, or builds the plugin where releases cannot be downloaded.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pluginBuild } from "../compile/builds.mjs";
import { run } from "../programs/command.mjs";
import { environment } from "../environment/environment.mjs";
import { goBuild } from "../compile/go.mjs";

const SECONDS_TO_DOWNLOAD = 180;

export function plugin(name) {
  return {
    title: { download: `Plugin ${name}: downloaded`, build: `Plugin ${name}: built from its Go modules` },
    download: (context) => install(name, [], context, SECONDS_TO_DOWNLOAD),
    async build(context) {
      const build = pluginBuild(name, context);
      await goBuild(build, context);
      await install(name, ["--reinstall", "--file", join(build.folder, build.targets[0].file)], context);
      const installed = `resource-${name}-v${context.pins.plugins[name]}`;
      writeFileSync(join(context.pulumiHome, "plugins", installed, "built-from"), build.key);
    },
  };
}

function install(name, options, { pins, facts, env, root, cache, log }, seconds) {
  const changes = environment({ env, platform: process.platform, root, cli: facts.cli });
  const args = ["plugin", "install", "resource", name, pins.plugins[name], ...options];
  return run(join(facts.cli.folder, "pulumi"), args, { log, seconds, cwd: cache, env: { ...env, ...changes } });
}

// What is built from toolchain/go, and where it is kept: in a folder named after everything that goes into it.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isExecutable } from "../programs/command.mjs";
import { leftOutFolder } from "./go-stand-ins.mjs";

const exe = process.platform === "win32" ? ".exe" : "";
const SDK_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * The launcher of dynamic providers: part of a CLI release, not of a Go module. The engine starts it in the program's
 * folder. A script given by -e has no place in argv, where the provider expects one before its arguments.
 */
const START = "process.argv.splice(1, 0, 'dynamic-provider'); require('@pulumi/pulumi/cmd/dynamic-provider')";
export const LAUNCHER =
  process.platform === "win32"
    ? { file: "pulumi-resource-pulumi-nodejs.cmd", text: `@node -e "${START}" -- %*\r\n` }
    : { file: "pulumi-resource-pulumi-nodejs", text: `#!/bin/sh\nexec node -e "${START}" -- "$@"\n` };

/** The CLI and its Node.js language host, to be built side by side. */
export function cliBuild({ root, cache, pins }) {
  const targets = [
    target("pulumi", "pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", SDK_VERSION, pins.pulumi),
    target(
      "language-nodejs",
      "pulumi-language-nodejs",
      "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      SDK_VERSION,
      pins.languageHost,
    ),
  ];
  return keyed(`pulumi-${pins.pulumi}`, targets, root, cache, LAUNCHER.text);
}

/** A plugin: the upstream provider behind the bridge. */
export function pluginBuild(name, { root, cache, pins }) {
  const version = pins.plugins[name];
  const built = target(
    "providers",
    `pulumi-resource-${name}`,
    `./${name}`,
    "cdc/toolchain/providers/bridge.Version",
    version,
  );
  return keyed(`plugin-${name}-${version}`, [built], root, cache);
}

/** The CLI that an earlier set-up built; undefined when it is not there as a whole. */
export function builtCli(place) {
  const { folder, targets } = cliBuild(place);
  const files = [...targets.map((each) => each.file), LAUNCHER.file];
  if (!files.every((file) => isExecutable(join(folder, file)))) return undefined;
  return { folder, version: place.pins.pulumi, complete: true };
}

/** The file to which the plugin is built, and the key of its sources. */
export function builtPlugin(name, place) {
  const { folder, targets, key } = pluginBuild(name, place);
  return { file: join(folder, targets[0].file), key };
}

function target(module, name, main, variable, version) {
  const tags = module === "providers" ? ["-tags", "no_compose"] : [];
  // Debug information is stripped anyway (-s -w). Not making it saves a third of the compiler's work.
  const args = [...tags, "-gcflags=all=-dwarf=false", "-ldflags", `-s -w -X ${variable}=${version}`];
  return { module, file: name + exe, args, main };
}

function keyed(name, targets, root, cache, extra = "") {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${extra}`);
  for (const { module, args, main } of targets) {
    hash.update(JSON.stringify([args, main]));
    for (const folder of [join(root, "toolchain", "go", module), leftOutFolder(root, module)])
      for (const [path, text] of sources(folder)) hash.update(path).update(text);
  }
  const key = hash.digest("hex").slice(0, 12);
  return { folder: join(cache, `${name}-${key}`), targets, key };
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((path) => /\.(go|mod|sum)$/.test(path))
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .map((path) => [path, readFileSync(join(folder, path))]);
}

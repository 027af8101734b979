import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildContext, type ContextFile } from "../../program/build-context";
import { packagePath } from "../../program/package-root";
import { type ConnectPlugin, parsePlugins } from "./plugin-setting";

/**
 * Lays out the build context of Kafka Connect's image with further plugins: `images/connect`, the folders, and a list of what is to be fetched.
 *
 * @param list `cdc:connectPlugins`
 * @returns the context's folder, relative to the project: its name changes with the content
 * @throws pulumi.RunError for a folder without a plugin
 */
export function pluginContext(list: string, out = "dist/connect-plugins"): string {
  const { plugins } = parsePlugins(list);
  const certificates = packagePath("images/kafka/certs");
  return buildContext(out, [
    ...filesOf(packagePath("images/connect"), ""),
    ...SHARED.map((name) => ({
      path: `build/${name}`,
      content: readFileSync(packagePath(`images/kafka/build/${name}`)),
    })),
    ...filesOf(certificates, "certs/"),
    { path: "artifacts.txt", content: plugins.map(artifactLine).join("") },
    // An empty file, so that the folder exists in any case.
    { path: "folders/.folders", content: "" },
    ...plugins.flatMap((plugin) => ("folder" in plugin ? jarsOf(plugin.folder, `folders/${plugin.name}/`) : [])),
  ]);
}

/** Programs that change classes in the build of both images. */
const SHARED = ["ClassInJar.java", "First.java"];

/** A line that images/connect/fetch.sh reads. */
function artifactLine(plugin: ConnectPlugin): string {
  if ("folder" in plugin) return "";
  const { name, coordinates, packaging, sha256 } = plugin;
  return `${[name, coordinates, packaging, sha256].join(" ")}\n`;
}

function jarsOf(folder: string, below: string): ContextFile[] {
  const files = existsSync(folder) ? filesOf(folder, below) : [];
  if (files.some(({ path }) => path.endsWith(".jar"))) return files;
  throw new pulumi.RunError(
    `cdc:connectPlugins names ${folder}, where there is no jar; name the folder that a plugin was unpacked to.`,
  );
}

function filesOf(folder: string, below: string): ContextFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const from = join(folder, entry.name);
      return entry.isDirectory()
        ? filesOf(from, `${below}${entry.name}/`)
        : [{ path: `${below}${entry.name}`, content: readFileSync(from) }];
    });
}

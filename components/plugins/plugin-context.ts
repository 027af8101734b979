import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { buildContext, type ContextFile } from "../../program/build-context";
import { packagePath } from "../../program/package-root";
import { type ConnectPlugin, parsePlugins } from "./plugin-setting";

/**
 * Lays out the build context of Kafka Connect's image with further plugins: `images/connect`, the folders, and a list of what is to be fetched.
 *
 * @param list `cdc:connectPlugins`
 * @returns the context's folder, relative to the project: its name changes with the content
 * @throws pulumi.RunError for a place without a plugin, or one that cannot be read
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

function jarsOf(place: string, below: string): ContextFile[] {
  const files = read(place, () => (statSync(place).isDirectory() ? filesOf(place, below) : [jarOf(place, below)]));
  if (files.some(({ path }) => path.endsWith(".jar"))) return files;
  throw new pulumi.RunError(
    `cdc:connectPlugins names ${place}, where there is no jar; name the folder that a plugin was unpacked to.`,
  );
}

/** A plugin that is one file. Anything else that is no folder has no jar that can be taken as it is. */
function jarOf(file: string, below: string): ContextFile {
  if (!statSync(file).isFile() || !/\.jar$/i.test(file))
    throw new pulumi.RunError(
      `cdc:connectPlugins names ${file}, which is no folder and no jar; unpack it, and name the folder.`,
    );
  return { path: `${below}${basename(file)}`, content: readFileSync(file) };
}

/** What `look` finds at a place; nothing where there is no such place. @throws pulumi.RunError with the reason where it cannot be read */
function read(place: string, look: () => ContextFile[]): ContextFile[] {
  try {
    return existsSync(place) ? look() : [];
  } catch (error) {
    if (error instanceof pulumi.RunError) throw error;
    throw new pulumi.RunError(`cdc:connectPlugins names ${place}, which cannot be read: ${(error as Error).message}.`);
  }
}

/** Links are followed: the image has what they lead to. @param within the folder and those that it is in, by their real paths */
function filesOf(folder: string, below: string, within: readonly string[] = []): ContextFile[] {
  const real = realpathSync(folder);
  if (within.includes(real)) throw new Error(`${folder} leads back to a folder that it is in`);
  return readdirSync(folder)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((name) => {
      const from = join(folder, name);
      const found = statSync(from);
      if (found.isDirectory()) return filesOf(from, `${below}${name}/`, [...within, real]);
      if (!found.isFile()) throw new Error(`${from} is neither a file nor a folder`);
      return [{ path: `${below}${name}`, content: readFileSync(from) }];
    });
}

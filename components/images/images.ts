import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { bare } from "../container/bare";
import { chooseImage } from "./chosen-images";
import { failureText, followBuild } from "./build-progress";
import { type BuiltImage, CHECKOUT_LABEL, newestPackages, repositoryOf, tagOf } from "./image-names";

export interface ImageArgs {
  /** The image to build: `docker images` shows it as `cdc/kafka`. */
  built: BuiltImage;
  /** Folder with a Dockerfile, relative to the project: its content is the tag, so an edit is a new image. */
  context: string;
  /** Arguments of the build beside those that all builds have. @default none */
  buildArgs?: Record<string, pulumi.Input<string>>;
  /** Name of the image from which it is made, if that is built here too. When that image changes, this one is built again. @default none */
  base?: string;
  /** An image to take instead of building one; pulled when it is not there. Empty: build. @default "" */
  instead?: string;
  /** Names with tag of images that the engine has. Such an image is not built, not even from the engine's cache. @default none */
  present?: ReadonlySet<string>;
  /** By repository, the date of the Debian packages that its image is to have: it is built again for them. @default none */
  rebuild?: ReadonlyMap<string, string>;
}

/** A container image, built from a folder of the project when its content changed, or the user's own. */
export class Image extends pulumi.ComponentResource {
  /** Name with tag. */
  readonly reference: pulumi.Output<string>;
  /** Name with tag, known before the image exists. */
  readonly chosen: string;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const { present: _present, rebuild: _rebuild, ...own } = args;
    super("cdc:index:Image", name, own, opts);
    const { suffix, image: imageArgs } = declared(args);
    this.chosen = String(imageArgs.name);
    if (!args.instead && !pulumi.runtime.isDryRun()) chooseImage(this.chosen);
    const stop = imageArgs.build && this.follow(args);
    // A built image and a found one are the same resource: the same content is the same image.
    const image = new docker.RemoteImage(`${name}-image${suffix}`, imageArgs, {
      parent: this,
      ignoreChanges: ["build"],
    });
    image.imageId.apply(() => stop?.());
    this.reference = pulumi.output(bare(image.name));
    this.registerOutputs({ reference: this.reference });
  }

  /** Shows a build's progress. The plugin shows no progress, and only the exit code of a failed build. */
  private follow({ built, context }: ImageArgs): (() => void) | undefined {
    const repository = repositoryOf(built);
    const file = logFile(repository);
    void pulumi.log.info(`the engine does not have this image yet; it is built from ${context}. Output: ${file}`, this);
    if (pulumi.runtime.isDryRun()) return undefined;
    return followBuild(file, {
      step: (line) => void pulumi.log.info(line, this, undefined, true),
      failed: (step) => void pulumi.log.error(failureText(`${repository} (${context})`, step, file), this),
    });
  }
}

/** The file for a build's progress. It has a name of its own, because stacks may build the same image at the same time. */
function logFile(repository: string): string {
  return `dist/builds/${pulumi.getStack()}-${repository.replaceAll("/", "-")}.log`;
}

function declared(args: ImageArgs): { suffix: string; image: docker.RemoteImageArgs } {
  // Images stay after a destroy: the next start needs no build, and other stacks use the same ones.
  if (args.instead) return { suffix: "", image: { name: args.instead, keepLocally: true } };
  const { name, tag, packages, anew } = builtName(args);
  const build = args.present?.has(name) ? undefined : buildArgs(args, packages, anew);
  // Other content, or a rebuild of the same content, is another resource. So a resource never changes between having a build and having none.
  return { suffix: `-${variantOf(args.built)}${tag}`, image: { name, build, keepLocally: true } };
}

/** `kraft-` of `kafka-kraft`: which of the images that are built from one folder. */
function variantOf(built: BuiltImage): string {
  const at = built.indexOf("-");
  return at < 0 ? "" : `${built.slice(at + 1)}-`;
}

/** The name of an image that is built here. */
export function builtName({
  built,
  context,
  base,
  present = new Set(),
  rebuild,
}: Pick<ImageArgs, "built" | "context" | "base" | "present" | "rebuild">): {
  /** With the tag. */
  name: string;
  tag: string;
  /** The time of its packages; empty for those of its first build. */
  packages: string;
  /** Whether the build uses no layers of an earlier one. */
  anew: boolean;
} {
  const repository = repositoryOf(built);
  const wanted = rebuild?.get(repository);
  // An edit after a rebuild is built on the packages of that rebuild.
  const packages = wanted ?? newestPackages(repository, present);
  const content = base === undefined ? contentHash(context) : shortHash(`${contentHash(context)} ${base}`);
  const tag = tagOf({ content, packages });
  return { name: `${repository}:${tag}`, tag, packages, anew: wanted !== undefined };
}

function buildArgs(
  { built, context, buildArgs: further }: ImageArgs,
  packages: string,
  anew: boolean,
): docker.types.input.RemoteImageBuild {
  return {
    context,
    dockerfile: "Dockerfile",
    buildLogFile: logFile(repositoryOf(built)),
    // The engine's own builder, whatever `docker buildx use` has chosen: other builders do not have the base image that is made here.
    builder: "default",
    // The builder's cache keeps Debian's packages until this argument changes.
    buildArgs: { PACKAGES_OF: packages, ...further },
    noCache: anew,
    label: { [CHECKOUT_LABEL]: process.cwd() },
  };
}

/** Not content, at the top of an image's folder: only a builder stage uses these certificates, and they differ from machine to machine. */
const CERTIFICATES = "certs";

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** A short hash of all files below a folder, their names included. */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of filesBelow(folder, "")) {
    // Git on Windows may check files out with other line ends, which must not change the hash.
    hash.update(`${path}\0`).update(readFileSync(join(folder, path), "latin1").replaceAll("\r\n", "\n"), "latin1");
  }
  return hash.digest("hex").slice(0, 12);
}

function filesBelow(folder: string, path: string): string[] {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .filter((entry) => path !== "" || entry.name !== CERTIFICATES)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = path === "" ? entry.name : `${path}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, below) : [below];
    });
}

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface ImageArgs {
  /** Name without tag, as `docker images` shows it: `cdc/kafka`. */
  repository: string;
  /** Folder with a Dockerfile, relative to the project: its content is the tag, so an edit is a new image. */
  context: string;
  /** An image to take instead of building one; pulled when it is not there. Empty: build. @default "" */
  instead?: string;
}

/** A container image, built from a folder of the project when its content changed, or the user's own. */
export class Image extends pulumi.ComponentResource {
  /** Name with tag. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Image", name, args, opts);
    const image = new docker.RemoteImage(`${name}-image`, imageArgs(args), { parent: this });
    this.reference = image.name;
    this.registerOutputs({ reference: this.reference });
  }
}

function imageArgs(args: ImageArgs): docker.RemoteImageArgs {
  // Images stay after a destroy: the next start needs no build, and other stacks use the same ones.
  if (args.instead) return { name: args.instead, keepLocally: true };
  const content = contentHash(args.context);
  return {
    name: `${args.repository}:${content}`,
    build: { context: args.context, dockerfile: "Dockerfile" },
    triggers: { content },
    keepLocally: true,
  };
}

/** Certificates reach only a builder stage, and differ from machine to machine. */
const NOT_CONTENT = new Set(["certs"]);

/** A short hash of all files below a folder, their names included. */
export function contentHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of filesBelow(folder, "")) {
    // Line ends as git may have checked them out on Windows are no difference.
    hash.update(`${path}\0`).update(readFileSync(join(folder, path), "latin1").replaceAll("\r\n", "\n"), "latin1");
  }
  return hash.digest("hex").slice(0, 12);
}

function filesBelow(folder: string, path: string): string[] {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .filter((entry) => !NOT_CONTENT.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = path === "" ? entry.name : `${path}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, below) : [below];
    });
}

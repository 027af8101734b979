/** What the images are called, and the files about them. Pure. */
import type { Subject } from "./cyclonedx";

/** The name and the version in an image's reference: its digest, else its tag. */
export function namedBy(image: string): Pick<Subject, "name" | "version"> {
  const [reference = image, digest] = image.split("@");
  const [, name = reference, tag = "latest"] = /^(.+?)(?::([^:/]+))?$/.exec(reference) ?? [];
  return { name, version: digest ?? tag };
}

/** For each image the last part of its name; the whole reference where several share that. */
export function fileNames(subjects: readonly Pick<Subject, "name" | "version">[]): string[] {
  const last = subjects.map(({ name }) => name.split("/").pop()!);
  return subjects.map(({ name, version }, at) =>
    last.filter((each) => each === last[at]).length === 1
      ? last[at]!
      : `${name}-${version}`.replaceAll(/[^A-Za-z0-9._-]/g, "-"),
  );
}

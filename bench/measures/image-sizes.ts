import { docker } from "../machine/docker";
import type { Images } from "../contestants/stock-compose";

/** Size of each image in bytes, with its base; undefined for an image that is missing. */
export async function imageBytes(images: Images): Promise<Record<keyof Images, number | undefined>> {
  const size = async (reference: string): Promise<number | undefined> => {
    const [text] = await docker("image", "inspect", "--format", "{{.Size}}", reference).catch(() => []);
    return text === undefined ? undefined : Number(text);
  };
  const [kafka, postgres, consumer] = await Promise.all([
    size(images.kafka),
    size(images.postgres),
    size(images.consumer),
  ]);
  return { kafka, postgres, consumer };
}

/** Reads every file of the images once, so that no contestant pays for a cold page cache. */
export async function warmPageCache(images: Images): Promise<void> {
  for (const image of new Set(Object.values(images))) {
    const read = "find / -xdev -type f -readable -exec cat {} + > /dev/null 2>&1 || true";
    await docker("run", "--rm", "--entrypoint", "/bin/sh", "--network", "none", image, "-c", read);
  }
}

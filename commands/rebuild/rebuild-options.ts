import { BUILT_IMAGES, type BuiltImage } from "../../components/images/image-names";
import { didYouMean } from "../../components/nearest";
import { readArguments, UsageError } from "../terminal/usage";

export const HELP = `Builds the images anew, with the packages that Debian has now, and brings the stack up on them.
Data stay: volumes are not touched. An image's tag is its folder's content, so without this Debian's fixes never arrive.

  npm run rebuild -- [options]

  --only IMAGES  only these, separated by commas: ${BUILT_IMAGES.join(", ")} (default: all)
  --keep-base    leave debian:trixie-slim as it is; packages are updated in each image all the same
  --help         this text

Images of your own (kafkaImage, postgresImage) are not built here, and left alone.`;

export interface RebuildOptions {
  images: BuiltImage[];
  keepBase: boolean;
}

/** Undefined when help is asked for. @throws UsageError */
export function parseOptions(args: string[]): RebuildOptions | undefined {
  const { values } = readArguments({
    args,
    options: {
      only: { type: "string", multiple: true },
      "keep-base": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const named = (values.only ?? []).flatMap((list) => list.split(",").map((name) => name.trim()));
  return {
    images: values.only === undefined ? [...BUILT_IMAGES] : [...new Set(named.map(image))],
    keepBase: values["keep-base"] ?? false,
  };
}

function image(name: string): BuiltImage {
  const found = BUILT_IMAGES.find((each) => each === name);
  if (found !== undefined) return found;
  // ZooKeeper and Connect use Kafka's image.
  throw new UsageError(
    `--only names "${name}"; allowed are ${BUILT_IMAGES.join(", ")}.${didYouMean(name, [...BUILT_IMAGES])}`,
  );
}

/**
 * The environment variable in which `npm start` names a file. When a change would lose data, the program writes into that file what is lost, and ends with
 * nothing changed. `npm start` then asks the person. Empty, for `--yes`: the program says what is lost, and goes on. Without the variable Pulumi
 * itself asks, below the preview's warnings.
 */
export const ASK_FILE = "CDC_ASK_FILE";

/**
 * Names another such file. The program writes it when the broker has to be made again, which only `npm start` can do: with `up`
 * alone, topics and connector would stay in Pulumi's state.
 */
export const ANEW_FILE = "CDC_ANEW_FILE";

/**
 * The environment variable by which `npm start` has images built while the earlier broker still runs: a build can fail, and nothing
 * may be removed before. Such an `up` has only these images as its target, so that the rest stays as it is.
 */
export const IMAGES_FIRST = "CDC_IMAGES_FIRST";

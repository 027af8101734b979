/**
 * The variable in which `npm start` names a file. Where a change would lose data the program writes that file and ends with nothing changed, and
 * `npm start` asks the person. Without the variable Pulumi itself asks, below the preview's warnings.
 */
export const ASK_FILE = "CDC_ASK_FILE";

/**
 * Another such file: the program makes it where the broker has to be made anew, which only `npm start` can do: what Pulumi
 * keeps of topics and connector would stay as it is.
 */
export const ANEW_FILE = "CDC_ANEW_FILE";

/**
 * The variable by which `npm start` has the images of the settings made while the broker of before still runs: a build can fail, and
 * by then nothing may be gone. Such an `up` has these images as its target, so that the rest stays as it is.
 */
export const IMAGES_FIRST = "CDC_IMAGES_FIRST";

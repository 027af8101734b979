/**
 * The variable that `npm start` sets: a file for the program to make when it ends, with nothing changed, for somebody to be
 * asked. Without it whoever runs `pulumi up` is asked by Pulumi, below the preview's warnings.
 */
export const ASK_FILE = "CDC_ASK_FILE";

/**
 * Another such file: the program makes it where the broker has to be made anew, which only `npm start` can do: what Pulumi
 * keeps of topics and connector would stay as it is.
 */
export const ANEW_FILE = "CDC_ANEW_FILE";

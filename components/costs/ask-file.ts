/**
 * The variable that `npm start` sets: a file for the program to make when it ends, with nothing changed, for somebody to be
 * asked. Without it whoever runs `pulumi up` is asked by Pulumi, below the preview's warnings.
 */
export const ASK_FILE = "CDC_ASK_FILE";

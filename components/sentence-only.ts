import * as pulumi from "@pulumi/pulumi";

/** Pulumi prints an error that is thrown while the program runs with its stack, and with the promises that hang on it: of a RunError the message alone. */
export function sentenceOnly(error: Error): never {
  throw new pulumi.RunError(error.message);
}

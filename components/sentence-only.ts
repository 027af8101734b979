import * as pulumi from "@pulumi/pulumi";

/** Pulumi prints an error of the program with its stack and with the promises that wait for it. Of a RunError it prints only the message. */
export function sentenceOnly(error: Error): never {
  throw new pulumi.RunError(error.message);
}

import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * A password for one purpose, made from the stack's: the same at every `up`, and of no use to find the stack's own.
 *
 * @returns a secret of 32 hexadecimal digits
 */
export function derivedPassword(password: pulumi.Input<string>, purpose: string): pulumi.Output<string> {
  const derived = pulumi.output(password).apply((word) => createHmac("sha256", word).update(purpose).digest("hex"));
  return pulumi.secret(derived.apply((hex) => hex.slice(0, 32)));
}

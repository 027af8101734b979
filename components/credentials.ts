import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

export interface CredentialsArgs {
  /** The pipeline's prefix, by which the state knows whose credentials they are. */
  prefix: string;
  /** The stack's password, which people choose. When it changes, the role's password is replaced. */
  password: pulumi.Input<string>;
  /** The credentials that the state holds, which stay. @default all are made */
  stored?: StoredCredentials;
}

/** The outputs as the state holds them. */
export interface StoredCredentials {
  prefix: string;
  /** The stack's password at the time when the role's was made. */
  password: string;
  rolePassword: string;
  connectToken: string;
}

/**
 * Random passwords, one for each service. They are made once and kept in the stack's state, encrypted. Nobody has to type one, and one that leaks
 * opens only one service. When the state is lost, or is older than these passwords, new ones are made, and each service takes its new one over.
 */
export class Credentials extends pulumi.ComponentResource {
  /** Password of the connector's role in the database: 48 hexadecimal digits, a secret. */
  readonly rolePassword: pulumi.Output<string>;
  /** The token that Kafka Connect's REST API requires with a config: 48 hexadecimal digits, a secret. */
  readonly connectToken: pulumi.Output<string>;

  constructor(name: string, args: CredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { prefix, stored } = args;
    super("cdc:index:Credentials", name, { prefix }, opts);
    const password = pulumi.secret(args.password);
    this.rolePassword = password.apply((now) => (stored?.password === now ? stored.rolePassword : randomWord()));
    this.connectToken = pulumi.secret(stored?.connectToken ?? randomWord());
    this.registerOutputs({ prefix, password, rolePassword: this.rolePassword, connectToken: this.connectToken });
  }
}

/** 192 bits, in digits that need no quotes anywhere. */
function randomWord(): string {
  return randomBytes(24).toString("hex");
}

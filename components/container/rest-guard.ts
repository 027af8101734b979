import { createHash } from "node:crypto";

export interface RestGuardArgs {
  /** Names and addresses by which the worker is reached, without ports. A request that names another is refused. */
  hosts: readonly string[];
  /** The token that a request needs to set a config or to change offsets: random and long. */
  token: string;
}

/** Worker properties that guard its REST API: images/kafka/extensions/cdc/RestGuard.java. The token is not among them. */
export function restGuardProperties({ hosts, token }: RestGuardArgs): Record<string, string> {
  return {
    "rest.extension.classes": "cdc.RestGuard",
    "cdc.guard.hosts": hosts.join(","),
    "cdc.guard.token.sha256": createHash("sha256").update(token).digest("hex"),
  };
}

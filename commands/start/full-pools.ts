/** Whether a start may have failed because the engine has no addresses left for another network. */
import { randomBytes } from "node:crypto";
import { docker } from "../../components/engine";
import { thisStack } from "../stack/this-stack";

const LOOK_MS = 10_000;

/** In the words of engines before 27, and since. */
const NO_ADDRESSES = /non-overlapping IPv4 address pool|predefined address pools have been fully subnetted/;

/**
 * Makes a network and removes it again: the engine has no other way to tell whether it can make one more.
 *
 * @param ask Docker's client
 * @returns a sentence with the command that makes room; `undefined` where the stack has its network, or another can be made
 */
export async function fullPools(ask = docker): Promise<string | undefined> {
  const prefix = await thisStack();
  const names = (await ask(["network", "ls", "--format", "{{.Name}}"], LOOK_MS).catch(() => "")).split("\n");
  if (names.includes(`${prefix}-net`)) return undefined;
  const probe = `${prefix}-probe-${randomBytes(4).toString("hex")}`;
  const refused = await ask(["network", "create", probe], LOOK_MS).then(
    () => ask(["network", "rm", probe], LOOK_MS).then(() => ""),
    ({ message }: Error) => message,
  );
  return NO_ADDRESSES.test(refused) ? fullPoolsText(names.length) : undefined;
}

/** Pure. @param count how many networks there are */
export function fullPoolsText(count: number): string {
  return (
    `The engine has ${count} networks, and no address range left for the stack's. Make room: \`docker network prune\` takes away those ` +
    "that no container has; or give the engine more with default-address-pools in its daemon.json."
  );
}

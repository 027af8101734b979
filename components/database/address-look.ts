import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { bare } from "../container/bare";
import type { Settings } from "../settings/settings";
import { hostAndPort, placeOf } from "./address";
import { isThisMachine } from "./url";

/** How long each of the two addresses may take to answer, in milliseconds. */
const ASK_MS = 2000;

type Asked = Pick<Settings, "existingDatabase" | "database" | "user" | "password" | "databaseAddress"> &
  Partial<Pick<Settings, "existingConnect">>;

/**
 * Refuses a `cdc:databaseAddress` that leads to another database than `cdc:databaseUrl`: the one would be captured, and the other one read. Many such
 * addresses are known to Kafka Connect alone; one that gives no answer here is let pass. One that is this machine here is another one there, so it is
 * told and not refused.
 *
 * @param addressesOf the addresses that a host name has here
 * @throws pulumi.RunError naming both
 */
export async function refuseOtherAddress(settings: Asked, addressesOf = resolved): Promise<void> {
  const { existingDatabase, database, user, databaseAddress } = settings;
  if (existingDatabase === undefined || !databaseAddress) return;
  const { host, port, tls, passwordCommand } = existingDatabase;
  const password = await bare(pulumi.output(settings.password));
  const login = { database, user, password, passwordCommand, tls };
  const there = placeOf(databaseAddress, { host, port });
  const [{ withDatabase }, { databaseId }] = await Promise.all([
    import("../connector/slot/connector-session"),
    import("./database-id"),
  ]);
  const idAt = (place: { host: string; port: number }): Promise<string | undefined> =>
    withDatabase({ ...login, ...place, connectionTimeoutMillis: ASK_MS, query_timeout: ASK_MS }, databaseId).catch(
      () => undefined,
    );
  const [captured, read] = await Promise.all([idAt({ host, port }), idAt(there)]);
  if (captured === undefined || read === undefined || captured === read) return;
  const other = `cdc:databaseAddress ${databaseAddress}, where Kafka Connect reads, is another database than ${hostAndPort({ host, port })}/${database} of cdc:databaseUrl`;
  const addresses = await addressesOf(there.host);
  const own = Object.values(networkInterfaces()).flatMap((each = []) => each);
  if (addresses.some((address) => isRelative(address, own, settings.existingConnect !== undefined))) {
    void pulumi.log.warn(
      `${other}, as this machine sees it: the address is this machine's own here. None of the changes arrive unless it leads Kafka Connect to the ` +
        "captured database.",
    );
    return;
  }
  throw new pulumi.RunError(
    `${other}, which is captured: none of its changes would arrive. Name the address of that database as Kafka Connect reaches it: ` +
      "`pulumi config set databaseAddress host:port`. Nothing was changed.",
  );
}

async function resolved(host: string): Promise<string[]> {
  return (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address);
}

/**
 * Pure: whether an address leads Kafka Connect to another machine than this one. A worker of the stack's own reaches this machine by its other addresses.
 *
 * @param own this machine's addresses
 */
export function isRelative(
  address: string,
  own: readonly { address: string; internal: boolean }[],
  isConnectElsewhere: boolean,
): boolean {
  const found = own.find((each) => each.address === address);
  return isThisMachine(address) || found?.internal === true || (isConnectElsewhere && found !== undefined);
}

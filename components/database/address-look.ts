import * as pulumi from "@pulumi/pulumi";
import { bare } from "../container/bare";
import type { Settings } from "../settings/settings";
import { hostAndPort } from "./address";

/** How long each of the two addresses may take to answer, in milliseconds. */
const ASK_MS = 2000;

type Asked = Pick<Settings, "existingDatabase" | "database" | "user" | "password" | "databaseAddress">;

/**
 * Refuses a `cdc:databaseAddress` that leads to another database than `cdc:databaseUrl`: the one would be captured, and the other one read. Many such
 * addresses are known to Kafka Connect alone; one that gives no answer here is let pass.
 *
 * @throws pulumi.RunError naming both
 */
export async function refuseOtherAddress(settings: Asked): Promise<void> {
  const { existingDatabase, database, user, databaseAddress } = settings;
  if (existingDatabase === undefined || !databaseAddress) return;
  const { host, port, tls, passwordCommand } = existingDatabase;
  const password = await bare(pulumi.output(settings.password));
  const login = {
    database,
    user,
    password,
    ...(passwordCommand !== undefined && { passwordCommand }),
    ...(tls && { tls }),
  };
  const [{ withDatabase }, { databaseId }] = await Promise.all([
    import("../connector/slot/connector-session"),
    import("./database-id"),
  ]);
  const idAt = (place: { host: string; port: number }): Promise<string | undefined> =>
    withDatabase({ ...login, ...place, connectionTimeoutMillis: ASK_MS, query_timeout: ASK_MS }, databaseId).catch(
      () => undefined,
    );
  const [captured, read] = await Promise.all([idAt({ host, port }), idAt(placeOf(databaseAddress, port))]);
  if (captured === undefined || read === undefined || captured === read) return;
  throw new pulumi.RunError(
    `cdc:databaseAddress ${databaseAddress}, where Kafka Connect reads, is another database than ${hostAndPort({ host, port })}/${database} of ` +
      "cdc:databaseUrl, which is captured: none of its changes would arrive. Name the address of that database as Kafka Connect reaches it: " +
      "`pulumi config set databaseAddress host:port`. Nothing was changed.",
  );
}

/** Pure: host and port of `cdc:databaseAddress`. @param otherwise the port where it names none */
export function placeOf(address: string, otherwise: number): { host: string; port: number } {
  const [host = "", port = otherwise] = address.split(":").filter(Boolean);
  return { host, port: Number(port) };
}

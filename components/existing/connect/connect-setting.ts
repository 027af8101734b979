/** `cdc:connectSecurity`: what the cluster of `cdc:connectUrl` requires of users of its REST API. */
import { configObject, isScalar, noScalar } from "../../settings/config-object";
import { didYouMean } from "../../nearest";
import type { ConnectSecurity } from "./connect-access";
import { readPem, readPrivateKey } from "../pem";

/** The setting as it was checked: files by their names, the password as itself. */
export interface ConnectSecuritySetting {
  username?: string;
  password?: string;
  caFile?: string;
  certFile?: string;
  keyFile?: string;
}

const TLS_KEYS = ["caFile", "certFile", "keyFile"] as const;
const KEYS = ["username", "password", ...TLS_KEYS];

/**
 * Pure.
 *
 * @param text JSON object
 * @param isSecret whether any of it was set with --secret: which part is not handed over
 * @param url `cdc:connectUrl`
 * @returns the setting, and a sentence without its subject for each thing that is wrong
 */
export function parseConnectSecurity(
  text: string,
  isSecret: boolean,
  url: string,
): { security: ConnectSecuritySetting; problems: string[] } {
  const problems: string[] = [];
  const values = configObject(text);
  if (!values) problems.push(` is no object; allowed: an object of ${KEYS.join(", ")}.`);
  const given: Record<string, string> = {};
  for (const [key, value] of Object.entries(values ?? {})) {
    if (!KEYS.includes(key))
      problems.push(`["${key}"] is no part of it; allowed: ${KEYS.join(", ")}.${didYouMean(key, KEYS)}`);
    else if (!isScalar(value)) problems.push(noScalar(key, value, isSecret));
    else given[key] = String(value);
  }
  if ((given["username"] === undefined) !== (given["password"] === undefined))
    problems.push(": username and password go together.");
  for (const key of ["username", "password"])
    if (given[key] === "") problems.push(`["${key}"] is empty; leave both out where Kafka Connect asks for none.`);
  if ((given["certFile"] === undefined) !== (given["keyFile"] === undefined))
    problems.push(": certFile and keyFile go together: a client's certificate, and the key to it.");
  for (const key of TLS_KEYS)
    if (given[key] !== undefined && url.startsWith("http:"))
      problems.push(`["${key}"] is of no use with an address that begins with http:; https: takes it.`);
  if (given["password"] !== undefined && !isSecret)
    problems.push(
      '["password"] is set as plain text; set it with `pulumi config set --secret --path \'connectSecurity["password"]\'`.',
    );
  return { security: given, problems };
}

/**
 * The security of a request, with the contents of its files; undefined when the cluster requires none.
 *
 * @param folder that names of files start from
 * @throws with a sentence that names the part and the file
 */
export function readConnectSecurity(setting: ConnectSecuritySetting, folder: string): ConnectSecurity | undefined {
  const { username, password, caFile, certFile, keyFile } = setting;
  const named = (key: string): string => `cdc:connectSecurity["${key}"]`;
  const security: ConnectSecurity = {
    ...(username !== undefined && { username, password }),
    ...(caFile && { ca: readPem(named("caFile"), folder, caFile) }),
    ...(certFile &&
      keyFile && {
        cert: readPem(named("certFile"), folder, certFile),
        key: readPrivateKey(named("keyFile"), folder, keyFile, certFile),
      }),
  };
  return Object.keys(security).length > 0 ? security : undefined;
}

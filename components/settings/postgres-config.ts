/** `cdc:postgresConfig`: server settings of the stack's own Postgres, as its command line takes them. */
import { configObject, isObject, isScalar, noScalar } from "./config-object";

/** Settings that the rest of the stack relies on, and why. Their names are lower case, as Postgres compares without case. */
const TAKEN: Readonly<Record<string, string>> = {
  wal_level: "logical replication needs logical",
  listen_addresses: "the other containers reach it by network",
  port: "the other containers look for it at 5432; the one of this machine is cdc:postgresPort",
  unix_socket_directories: "the first start uses the image's",
  data_directory: "the volume is mounted at the image's",
  config_file: "the volume has it",
  hba_file: "the volume has it",
  ident_file: "the volume has it",
  external_pid_file: "it has to be where the image may write",
  log_line_prefix: "npm run logs reads it",
};

/** What a setting may be called: a parameter of the server, or one of an extension with a dot in it. */
const NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;

/**
 * Pure. The values are checked by the server itself: `images/postgres` tells every client what it refuses.
 *
 * @param text JSON object of names and values; an object below a name is an extension's, as `pulumi config set --path postgresConfig.a.b` makes it
 * @param isSecret whether any of it was set with --secret: the server's command line can keep nothing secret
 * @returns the settings by name, true and false as `on` and `off`, and a sentence without its subject for each thing that is wrong
 */
export function parsePostgresConfig(
  text: string,
  isSecret = false,
): { config: Record<string, string>; problems: string[] } {
  if (isSecret)
    return {
      config: {},
      problems: [" is set with --secret, and `docker inspect` shows it all the same: set it without."],
    };
  const problems: string[] = [];
  const values = configObject(text);
  if (!values)
    return { config: {}, problems: [` is ${JSON.stringify(text)}; allowed: an object of names and values.`] };
  // Kept as entries: a name such as __proto__ would change an object and not be a key of it.
  const config = new Map<string, string>();
  for (const [given, value] of flat(values)) {
    const name = given.toLowerCase();
    if (!NAME.test(name)) problems.push(`["${given}"] is no name of a server setting.`);
    else if (TAKEN[name] !== undefined)
      problems.push(`["${given}"] is what the stack sets itself: ${TAKEN[name]}. Take it out.`);
    else if (config.has(name)) problems.push(`["${given}"] is there twice: Postgres compares names without case.`);
    else if (!isScalar(value)) problems.push(noScalar(given, value, false));
    else config.set(name, typeof value === "boolean" ? (value ? "on" : "off") : String(value));
  }
  return { config: Object.fromEntries(config), problems };
}

function flat(values: Record<string, unknown>): [name: string, value: unknown][] {
  return Object.entries(values).flatMap(([name, value]): [string, unknown][] =>
    isObject(value) ? Object.entries(value).map(([part, below]) => [`${name}.${part}`, below]) : [[name, value]],
  );
}

import type { DatabaseTls } from "./address";
import { readCertificates } from "./certificates";
import { type DatabaseUrl, isThisMachine, parseDatabaseUrl } from "./url";

/** A database that somebody else runs: `cdc:databaseUrl`. Its name and its administrator are the pipeline's own arguments. */
export interface ExistingDatabase {
  /** As the machine that runs `pulumi` reaches it. */
  host: string;
  port: number;
  /** As containers of the stack reach it. */
  containerHost: string;
  tls?: DatabaseTls;
  /** A shell command that prints the administrator's password, run for each connection. @default none: it has a fixed one */
  passwordCommand?: string;
}

/** The database with the name and the login of its connection string. */
export type ExistingSetting = ExistingDatabase & Pick<DatabaseUrl, "database" | "user" | "password">;

const DATABASE_KEYS = ["databaseUrl", "databasePasswordCommand", "capturePassword"];

/** Settings of the stack's own database, with their defaults. With an existing database they would be ignored. */
export const OWN_DATABASE: Readonly<Record<string, string>> = {
  postgresPort: "55432",
  database: "cdctest",
  user: "cdctest",
  password: "",
  postgresMemoryMb: "512",
  initFolder: "database",
  postgresVersion: "17",
  postgresImage: "",
  postgresConfig: "",
};

/** The name of this machine inside a container. */
export const HOST_GATEWAY = "host.docker.internal";

/**
 * Pure but for the files that the connection string names.
 *
 * @param read a file's text, by its path relative to the project
 * @returns the database, if one is named, and what is wrong as `[key, sentence without its subject]`
 */
export function parseDatabase(
  values: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean,
  read?: (path: string) => string,
): { existing?: ExistingSetting; problems: [key: string, sentence: string][] } {
  const problems: [string, string][] = [];
  const text = values["databaseUrl"] ?? "";
  const command = values["databasePasswordCommand"] ?? "";
  if (text === "") {
    for (const key of DATABASE_KEYS.slice(1)) {
      if (values[key]) problems.push([key, "is about the database of cdc:databaseUrl, which names none."]);
    }
    return { problems };
  }
  for (const key of aboutOwnDatabase(values)) {
    problems.push([
      key,
      "is about the stack's own database, and cdc:databaseUrl names another one: `pulumi config rm` it.",
    ]);
  }
  const { url, problems: misfits } = parseDatabaseUrl(text);
  problems.push(...misfits.map((sentence): [string, string] => ["databaseUrl", sentence]));
  if (!url) return { problems };
  const { tls, problems: files } = readCertificates(url, read);
  problems.push(...files.map((sentence): [string, string] => ["databaseUrl", sentence]));
  problems.push(...passwordProblems(url, command, values, isSecret));
  const { host, port, database, user, password } = url;
  const local = isThisMachine(host);
  if (local && tls?.mode === "verify-full") {
    problems.push([
      "databaseUrl",
      `names this machine as ${host}, which within Kafka Connect's container is another one: its certificate cannot be checked ` +
        "by that name. Name it as its certificate does, so that containers find it too, or set sslmode=verify-ca.",
    ]);
  }
  const containerHost = local ? HOST_GATEWAY : host;
  const existing = { host, port, containerHost, database, user, password, tls };
  return { existing: { ...existing, ...(command && { passwordCommand: command }) }, problems };
}

/** Pure: the settings with a value of their own that are about the stack's own database. */
export function aboutOwnDatabase(values: Readonly<Record<string, string>>): string[] {
  const isSaid = ([key, usual]: [string, string]): boolean => {
    const value = values[key] ?? usual;
    return value !== usual && !(usual === "" && isEmptyObject(value));
  };
  return Object.entries(OWN_DATABASE)
    .filter(isSaid)
    .map(([key]) => key);
}

/** Whether the text is an object without a member, which `pulumi config set --path` leaves when the last one is removed. */
function isEmptyObject(text: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(text);
}

function passwordProblems(
  { password }: DatabaseUrl,
  command: string,
  values: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean,
): [string, string][] {
  const found: [string, string][] = [];
  const plain = (key: string): number =>
    found.push([key, `is set as plain text; set it with \`pulumi config set --secret ${key}\`.`]);
  if (password !== "" && !isSecret("databaseUrl")) plain("databaseUrl");
  if (values["capturePassword"] && !isSecret("capturePassword")) plain("capturePassword");
  if (password !== "" && command !== "") {
    found.push(["databasePasswordCommand", "prints the password that cdc:databaseUrl has already: take one away."]);
  }
  return found;
}

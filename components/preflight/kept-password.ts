/** A changed `cdc:password` under an image that reads the word at a first start only, as the official ones do. */
import * as pulumi from "@pulumi/pulumi";
import { bare } from "../container/bare";
import type { PostgresImage } from "../images/postgres-image";
import type { Settings } from "../settings/settings";
import { lastApplied } from "./applied";
import type { EngineLists } from "./engine-lists";
import { databaseContainer, type MadeDatabase } from "./first-start";

const ANSWER_MS = 3000;

/** A way in, as a client takes it. */
export interface Login {
  port: number;
  database: string;
  user: string;
  password: string;
}

/**
 * Whether the database would keep its old password under the new container.
 *
 * @param made how the stack's database was made
 * @returns a sentence with what gives it the new one
 */
export async function keptPassword(
  settings: Pick<Settings, "prefix" | "postgresImage" | "password">,
  made: MadeDatabase,
  { takesPassword }: Pick<PostgresImage, "takesPassword">,
  lists: EngineLists,
): Promise<string | undefined> {
  if (takesPassword) return undefined;
  const { prefix, postgresImage } = settings;
  const [applied, password] = await Promise.all([lastApplied(), bare(pulumi.output(settings.password))]);
  if (applied.credentials.find((each) => each.prefix === prefix)?.password === password) return undefined;
  const name = databaseContainer(prefix);
  const [port] = (await lists.containers()).find((each) => each.name === name)?.ports ?? [];
  // A stopped container cannot be asked. When it is started, its own error says so.
  if (port === undefined) return undefined;
  const { user, database } = made;
  if (!(await isRefused({ port, user, database, password }))) return undefined;
  return keptText(name, postgresImage, made);
}

/** Whether the server refuses the password. Any other answer, and none, counts as no refusal. */
export async function isRefused(login: Login): Promise<boolean> {
  const { Client } = await import("pg");
  const client = new Client({ host: "127.0.0.1", ...login, ssl: false, connectionTimeoutMillis: ANSWER_MS });
  client.on("error", () => undefined);
  return client
    .connect()
    .then(
      () => false,
      (error: { code?: string }) => error.code === "28P01",
    )
    .finally(() => client.end().catch(() => undefined));
}

/** Pure. */
export function keptText(
  name: string,
  image: string,
  { user, database }: Pick<MadeDatabase, "user" | "database">,
): string {
  return (
    `cdc:password is not the password of ${user} in the database, and cdc:postgresImage "${image}" takes it at a first start only. Give it to the ` +
    `database with \`docker exec -it ${name} psql -U ${user} -d ${database} -c '\\password'\`, then \`npm start\`; or set the ` +
    "old one back. Nothing was changed."
  );
}

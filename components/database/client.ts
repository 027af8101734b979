import { execFile } from "node:child_process";
import type { ConnectionOptions } from "node:tls";
import { promisify } from "node:util";
import type { ClientConfig } from "pg";
import { type DatabaseAddress, type DatabaseTls, SYSTEM_CA } from "./address";

/** How long a command that prints a password may take, in milliseconds. */
const COMMAND_MS = 30_000;

/** Options for pg's client. They take nothing from environment variables such as PGSSLMODE. */
export function clientOptions({
  tls,
  passwordCommand,
  password,
  ...rest
}: DatabaseAddress & ClientConfig): ClientConfig {
  return {
    ...rest,
    password: passwordCommand ? () => printedPassword(passwordCommand) : password,
    ssl: tls ? tlsOptions(tls) : false,
  };
}

/** TLS options with libpq's meanings of the modes. In a connection string, pg takes `require` and `verify-ca` for `verify-full`. */
function tlsOptions({ mode, ca, certificate, key }: DatabaseTls): ConnectionOptions {
  return {
    ...(mode === "require" ? { rejectUnauthorized: false } : {}),
    ...(mode === "verify-ca" ? { checkServerIdentity: () => undefined } : {}),
    ...(ca !== undefined && ca !== SYSTEM_CA ? { ca } : {}),
    ...(certificate !== undefined && key !== undefined ? { cert: certificate, key } : {}),
  };
}

/**
 * The password that the command prints, without the line's end.
 *
 * @throws with the command's error output, and never with its output
 */
export async function printedPassword(command: string): Promise<string> {
  const run = promisify(execFile)("/bin/sh", ["-c", command], { timeout: COMMAND_MS });
  const { stdout } = await run.catch((error: { code?: unknown; killed?: boolean; stderr?: string }) => {
    const how = error.killed ? `did not end within ${COMMAND_MS / 1000} s` : `ended with ${String(error.code)}`;
    const said = (error.stderr ?? "").trim().split("\n").at(-1);
    throw new Error(`The command that prints the database's password ${how}${said ? `: ${said}` : "."}`);
  });
  const word = stdout.replace(/\r?\n$/, "");
  if (word === "") throw new Error("The command that prints the database's password printed nothing.");
  return word;
}

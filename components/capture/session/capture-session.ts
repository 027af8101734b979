import { Client } from "pg";
import { HELD_REMEDY } from "../../database/blockers";
import type { DatabaseAddress } from "../../database/address";
import { clientOptions } from "../../database/client";
import { tlsRemedy } from "../../database/remedies";
import { poll } from "../../poll";
import type { CaptureConnection, CaptureInputs } from "../capture-types";

/** Runs `work` on a session. @throws an error that names the operation, the server and the remedy, and never the SQL text */
export async function explained<T>(
  where: string,
  inputs: CaptureInputs,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await session(inputs, inputs.readyTimeoutSeconds * 1000, work);
  } catch (error) {
    const { code, seen, answered } = error as SessionError & { seen?: string };
    throw Object.assign(new Error(`${where}: ${withRemedy(error as Error)}`), { code, seen, answered });
  }
}

/** The error's message with the remedy, in which is who holds a lock. */
export function withRemedy(error: Error): string {
  const { code, held } = error as SessionError & { held?: string };
  const message = causeOf(error as SessionError);
  const remedy = held ? `${held}. ${HELD_REMEDY}` : ((code ? REMEDIES[code] : undefined) ?? tlsRemedy(error));
  return `${message}${/[.!?]$/.test(message) ? "" : "."}${remedy && ` ${remedy}`}`;
}

/** The message; where other objects are in the way, with what the server says they are. It names some of them, a line each. */
export function causeOf({ message, code, detail }: SessionError): string {
  return code === "2BP01" && detail ? `${message}: ${detail.trim().replace(/\s*\n\s*/g, ", ")}` : message;
}

/** `answered`: the server let somebody in, or said why it does not. */
type SessionError = Error & { code?: string; answered?: boolean; detail?: string };

const REMEDIES: Record<string, string> = {
  "28P01": "Check adminUser and adminPassword; see `npm run doctor`.",
  "28000": "Check adminUser, and that pg_hba.conf lets it in.",
  "3D000": "Check database.",
  "55000": "ALTER DATABASE … ALLOW_CONNECTIONS true.",
  "42501":
    "adminUser lacks a right that was not foreseen: let a database administrator grant it. The tables' owner with " +
    "CREATEROLE, REPLICATION and CREATE on the database has all of them, as has a superuser.",
  "55P03": "An application holds a lock on a captured table; run this again when it is idle.",
  "2BP01":
    "Something else depends on it. What the role owns: REASSIGN OWNED BY … TO …; in each database that is named. Its rights, after that: DROP " +
    "OWNED BY …; as a superuser or who gave them. Then run this again.",
};

/** Why a server that answers no longer lets adminUser in, with the remedy; undefined where the error is another one. */
export function shutOutWords({ host, port, adminUser }: CaptureConnection, error: Error): string | undefined {
  const { code = "", message } = error as { code?: string; message: string };
  if (!/^28|3D000|55000/.test(code)) return undefined;
  return `${host}:${port} no longer lets ${adminUser} in: ${message}. ${REMEDIES[code]}`;
}

/** Whether waiting may help: the server starts, restarts, has no free connection, or is not there yet. */
function isPassing(code: string | undefined): boolean {
  return isAbsentCode(code) || ["57P01", "57P02", "57P03", "53300"].includes(code ?? "");
}

function isAbsentCode(code: string | undefined): boolean {
  return ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EHOSTUNREACH", "ETIMEDOUT", "EPIPE"].includes(code ?? "");
}

/** Whether the server of a failed session is not there. One that has answered anything at all is. */
export function isGone(error: unknown): boolean {
  const { code, answered } = error as SessionError;
  return answered !== true && (code === "TIMEOUT" || isAbsentCode(code));
}

/** Whether the server said this itself, and will say it again. */
export function isLasting({ code }: { code?: string }): boolean {
  return isServersOwn(code) && !isPassing(code);
}

/** SQLSTATEs have five characters, as the server's own errors alone do. */
function isServersOwn(code: string | undefined): boolean {
  return !isAbsentCode(code) && /^[0-9A-Z]{5}$/.test(code ?? "");
}

/** The connection in the form that `components/database` takes. */
function toDatabaseAddress(at: CaptureConnection): DatabaseAddress {
  return {
    ...{ host: at.host, port: at.port, database: at.database, user: at.adminUser, password: at.adminPassword },
    ...{ passwordCommand: at.adminPasswordCommand, tls: at.tls },
  };
}

/** How long one attempt to connect may take, in milliseconds. */
const ATTEMPT_MS = 5000;

/** Connects, waiting for a server that is still starting, and runs the work on that one connection. */
export async function session<T>(
  at: CaptureConnection,
  deadlineMs: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  let answered = false;
  const client = await poll<Client>(
    async () => {
      const candidate = new Client({
        ...clientOptions(toDatabaseAddress(at)),
        // Also for a last attempt: a server that is there may be slow, and one that is not refuses at once.
        connectionTimeoutMillis: ATTEMPT_MS,
        application_name: "cdc capture",
      });
      candidate.on("error", () => undefined);
      try {
        await candidate.connect();
        return { done: true, value: candidate };
      } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        await candidate.end().catch(() => undefined);
        answered ||= isServersOwn(code);
        if (!isPassing(code) && !/terminated unexpectedly|timeout/i.test(message)) throw error;
        return { done: false, seen: message || String(code) };
      }
    },
    { what: `Postgres at ${at.host}:${at.port} to accept connections`, deadlineMs },
  ).catch((error: Error) => {
    throw Object.assign(error, { answered });
  });
  try {
    return await work(client);
  } catch (error) {
    throw Object.assign(error as Error, { answered: true });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The inputs with the connector's role as the user that logs in. */
export function asRole(inputs: CaptureInputs): CaptureInputs {
  const { adminPasswordCommand: _command, ...rest } = inputs;
  return { ...rest, adminUser: inputs.role, adminPassword: inputs.rolePassword };
}

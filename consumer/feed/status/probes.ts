/** Questions that the status asks over the network. */
import { connect, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectSecurity } from "../../../components/existing/connect/connect-access";
import type { KafkaTls } from "../../../components/existing/kafka/kafka-access";
import { requestConnect } from "./connect-request";

const TIMEOUT_MS = 1000;

/**
 * Asks whether a Postgres server at host:port takes connections, as pg_isready does: it sends the first message of a session and
 * reads the answer. In it, the server asks for a password, or says that it is starting, stopping or full. An open port alone
 * would say only that the machine is there.
 *
 * @throws Error with the server's reason
 */
export async function probePostgres(address: string): Promise<void> {
  const answer = await exchange(address, STARTUP);
  if (answer.toString("latin1", 0, 1) !== "E") return;
  const code = fieldOf(answer, "C");
  // Any other error turns away this client only.
  if (code === CANNOT_CONNECT_NOW || code === TOO_MANY_CONNECTIONS) throw new Error(fieldOf(answer, "M"));
}

const CANNOT_CONNECT_NOW = "57P03";
const TOO_MANY_CONNECTIONS = "53300";

/** StartupMessage, protocol 3.0. The role need not exist: the server answers all the same. */
const STARTUP = startup(["user", "cdc_status", "database", "postgres"]);

function startup(parameters: readonly string[]): Buffer {
  const text = `${parameters.join("\0")}\0\0`;
  const message = Buffer.alloc(8 + text.length);
  message.writeInt32BE(message.length);
  message.writeInt32BE(3 << 16, 4);
  message.write(text, 8, "latin1");
  return message;
}

/** A field of an ErrorResponse. After type and length, it has a letter and a text for each field. */
function fieldOf(answer: Buffer, letter: string): string {
  const fields = answer.toString("utf8", 5).split("\0");
  return fields.find((field) => field.startsWith(letter))?.slice(1) ?? "";
}

/**
 * Asks whether a Kafka broker at host:port answers requests. The request is ApiVersions, version 0, which a broker answers without
 * a login.
 */
export async function probeKafka(address: string, tls?: KafkaTls): Promise<void> {
  await exchange(address, API_VERSIONS, tls);
}

const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/** Sends the request to host:port. Resolves with the first bytes of the answer. */
function exchange(address: string, request: Buffer, tls?: KafkaTls): Promise<Buffer> {
  const colon = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, colon), Number(address.slice(colon + 1))];
  return new Promise((resolve, reject) => {
    const socket = tls
      ? connectTls({ host, port, ...tls, ...(isIP(host) === 0 && { servername: host }) })
      : connect({ host, port });
    const late = setTimeout(() => socket.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    socket.once(tls ? "secureConnect" : "connect", () => socket.write(request));
    socket.once("data", (answer) => {
      resolve(answer);
      socket.destroy();
    });
    socket.once("error", reject);
    socket.once("close", () => {
      clearTimeout(late);
      reject(new Error("closed without an answer"));
    });
  });
}

/** `GET /connectors/{name}/status` of Kafka Connect; null for 404. @param connectUrl with several workers, the address of each, separated by commas */
export async function fetchConnectorStatus(
  connectUrl: string,
  name: string,
  security: ConnectSecurity = {},
): Promise<unknown> {
  const path = `/connectors/${encodeURIComponent(name)}/status`;
  const url = connectUrl.replace(/\/+$/, "") + path;
  const { status, body } = await requestConnect("GET", connectUrl, path, security, TIMEOUT_MS);
  if (status === 404) return null;
  if (status === 401 || status === 403) throw new Error(`${url} answered ${status}: it does not let the consumer in`);
  if (status < 200 || status > 299) throw new Error(`${url} answered ${status}`);
  return JSON.parse(body);
}

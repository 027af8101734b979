/** The questions the status asks over the network. */
import { connect } from "node:net";

const TIMEOUT_MS = 1000;

/** Resolves when something accepts a TCP connection at host:port. */
export function probeTcp(address: string): Promise<void> {
  const colon = address.lastIndexOf(":");
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address.slice(0, colon),
      port: Number(address.slice(colon + 1)),
      timeout: TIMEOUT_MS,
    });
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("timeout", () => socket.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    socket.once("error", reject);
  });
}

/** `GET /connectors/{name}/status` of Kafka Connect; null for 404. */
export async function fetchConnectorStatus(connectUrl: string, name: string): Promise<unknown> {
  const url = `${connectUrl.replace(/\/+$/, "")}/connectors/${encodeURIComponent(name)}/status`;
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    // fetch says only "fetch failed"; the reason is its cause.
    const { cause } = error as { cause?: Error };
    throw new Error(cause?.message ?? (error as Error).message, { cause: error });
  }
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/**
 * Kafka client properties, in ms, of a broker and of a worker on the stack's network.
 *
 * Nothing answers at the address of a broker whose container is gone, so a connection to it hangs. A client of Kafka waits 10 s for
 * it, and up to 36 s after some failures (`socket.connection.setup.timeout.max.ms` and a fifth more). A client that is only starting
 * asks no other broker meanwhile. On one network, a connection takes 1 ms, and 1 s when its first packet was lost.
 */
export const CONNECTION_SETUP = {
  "socket.connection.setup.timeout.ms": 2000,
  "socket.connection.setup.timeout.max.ms": 2000,
};

/** Pure: the same for the clients that a worker makes for its connectors, which do not inherit the worker's own properties. */
export function connectorsConnectionSetup(): Record<string, number> {
  const clients = ["producer", "consumer", "admin"];
  return Object.fromEntries(
    clients.flatMap((client) => Object.entries(CONNECTION_SETUP).map(([key, value]) => [`${client}.${key}`, value])),
  );
}

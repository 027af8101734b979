import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/**
 * The form in which Postgres stores a password (RFC 5803). It is sent instead of the password, so that the server's log,
 * `pg_stat_statements` and error messages never hold the password.
 *
 * @param salt 16 random bytes
 */
export function scramVerifier(password: string, salt: Buffer, iterations = 4096): string {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}

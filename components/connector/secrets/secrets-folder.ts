/** Where the Connect container keeps its secret files, one value a file. */
export const SECRETS_FOLDER = "/kafka/secrets";

/** Those for TLS to the database, as whoever looks at the stack finds them too. */
export const TLS_FILES = {
  ca: "database-ca.pem",
  certificate: "database-certificate.pem",
  key: "database-key.pk8",
} as const;

/**
 * Where the worker keeps the key for itself. Uploaded files are root's and for all to read, which the driver refuses of a key.
 */
export const OWN_KEY = "/tmp/database-key.pk8";

/** The connector's role's password. */
export const PASSWORD_FILE = "database-password";

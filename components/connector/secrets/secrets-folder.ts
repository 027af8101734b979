/** Where the Connect container keeps its secret files, one value a file. */
export const SECRETS_FOLDER = "/kafka/secrets";

/** Names of the files for TLS to the database. */
export const TLS_FILES = {
  ca: "database-ca.pem",
  certificate: "database-certificate.pem",
  key: "database-key.pk8",
} as const;

/**
 * The worker's own copy of the client key. Uploaded files belong to root and everybody may read them; the driver refuses such a key.
 */
export const OWN_KEY = "/tmp/database-key.pk8";

/** Name of the file with the password of the connector's role. */
export const PASSWORD_FILE = "database-password";

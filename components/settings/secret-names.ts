/** Names of secrets among a connector's keys and the variables of an environment. */
const SECRET =
  /(password|passphrase)$|(^|[._-])(secret|token|credentials?|jaas\.config|user\.info|private[._-]key|api[._-]?key|keystore\.key)$/i;

/** Whether a value of this name is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

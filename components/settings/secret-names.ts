/** Names of what lets somebody in somewhere: a connector's keys, and variables of an environment. */
const SECRET =
  /(^|[._-])(password|passphrase|secret|token|credentials?|jaas\.config|user\.info|private[._-]key|api[._-]?key|keystore\.key)$/i;

/** Whether a value of that name is to be seen by nobody. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

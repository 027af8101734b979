/** What to change in the connection string for each error of a TLS handshake. */
const REMEDIES: [RegExp, string][] = [
  [
    /UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|SELF_SIGNED_CERT|DEPTH_ZERO/,
    "sslrootcert is not the certificate of the authority that signed the server's: ask whoever runs the server for that one.",
  ],
  [
    /ERR_TLS_CERT_ALTNAME_INVALID/,
    "Name the server as its certificate does, or set sslmode=verify-ca, which does not ask for its name.",
  ],
  [/CERT_HAS_EXPIRED/, "The server's certificate is out of date: it is the server that needs a new one."],
  [/does not support SSL/, "Set sslmode=disable, if its network may be trusted with passwords and data."],
  [/no encryption/, "The server wants TLS: set sslmode=verify-full with sslrootcert, or require."],
  [
    /certificate required|requires a valid client certificate|no client certificate/i,
    "The server wants a client's certificate: name it with sslcert and sslkey.",
  ],
];

/** Pure: the remedy for an error of the connection; empty when none is known. */
export function tlsRemedy(error: { code?: string; message: string }): string {
  const text = `${error.code ?? ""} ${error.message}`;
  return REMEDIES.find(([sign]) => sign.test(text))?.[1] ?? "";
}

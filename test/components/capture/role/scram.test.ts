import { expect, test } from "@jest/globals";
import { scramVerifier } from "../../../../components/capture/role/scram";

/** The salt, iterations and password of RFC 7677's example, as pgbouncer and others test with it. */
test("the verifier is the one Postgres checks a login against, and does not show the password", () => {
  const verifier = scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"));
  expect(verifier).toBe(
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==" +
      "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
  );
});

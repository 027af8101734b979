/** What a question to the CLI failed with, where the person is told in one sentence. By itself, since `npm run watch` needs little else. */
export type CliFailure = Error & { code?: unknown; killed?: boolean; stderr?: string };

/** Pure: whether there is no CLI, or no stack that it has selected. */
export function namesNoStack({ code, stderr = "" }: CliFailure): boolean {
  return code === "ENOENT" || /no stack selected/i.test(stderr);
}

/** Pure: what the CLI does in place of an answer, as in `says "error: …"`. @param late what it does where it was too slow */
export function insteadOfAnswer({ killed, stderr = "", message }: CliFailure, late: string): string {
  return killed ? late : `says "${stderr.trim().split("\n").at(-1) || message}"`;
}

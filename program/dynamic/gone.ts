/** Whether what does not answer counts as gone, where a resource is deleted in it. */

/** The variable by which `npm stop -- --gone` tells the providers that parts which do not answer are gone for good. */
export const GONE_VARIABLE = "CDC_GONE";

/** Kept where each provider of the process finds it: each is a text of its own. */
const UP = Symbol.for("cdc.up");

/** Notes that the process serves an `up`, which alone checks resources. */
export function noteUp(): void {
  (globalThis as { [UP]?: boolean })[UP] = true;
}

/** Whether a person says that what does not answer is gone. */
export function isSaidGone(env: NodeJS.ProcessEnv = process.env): boolean {
  return env[GONE_VARIABLE] === "true";
}

/**
 * Whether to go on without a part at whose address nobody listens. An `up` does so: it leaves that place for another, and has told it before. A destroy
 * does so only where a person says it: to a machine without its network everything looks gone, and the state alone knows what runs on there.
 */
export function countsAsGone(): boolean {
  return isSaidGone() || (globalThis as { [UP]?: boolean })[UP] === true;
}

/** The ways out, for the end of an error. */
export const GONE_WAYS =
  `Run this again where it can be reached. If it is gone for good: \`npm stop -- --gone\`, or ${GONE_VARIABLE}=true in the environment of ` +
  "`pulumi destroy`.";

/** Pure: what to do where a destroy is not let in, since the login was changed after the last `up`. @param type of the resource: `postgres:Capture` */
export function renewWays(setting: string, type: string): string {
  return (
    `The login is that of the last \`up\`. Where it was changed since: set ${setting}, then \`npm start -- --target '**${type}**'\` (\`pulumi up --target\`), which has ` +
    "the state take it over and makes nothing else; then run this again."
  );
}

import { isInstalled } from "../../program/package-root";

/** The variable by which `npm start -- --take-over` tells the program whose volume it may take: the stack's prefix. */
export const TAKE_OVER_VARIABLE = "CDC_TAKE_OVER";

/**
 * The command by which a run is told to take what a stack of this name has left: in a checkout the one that asks and tidies up first, which the
 * package has not.
 *
 * @param prefix first part of the names of the stack's objects
 */
export function takeOverWay(prefix: string, installed = isInstalled()): string {
  return installed ? `\`${TAKE_OVER_VARIABLE}=${prefix} pulumi up\`` : "`npm start -- --take-over`";
}

/**
 * Pure: the ways out where objects of the Docker engine have a stack's names, as the end of a sentence. A program of one's own has neither command: its
 * user removes the objects.
 *
 * @param forget what a state that knows a stack of this name has to forget first; empty: it knows none
 */
export function objectWays(prefix: string, forget = "", installed = isInstalled()): string {
  const made = "while containers and topics, with the changes that nobody has read, are made anew";
  if (!installed)
    return `or take over the database, ${made}: ${takeOverWay(prefix, false)}; or remove all of it, the rows included: \`npm stop -- --remove\`.`;
  return (
    `or take over the database, ${made}: remove these but the volume ${prefix}-postgres-data (\`docker rm --force --volumes\`, \`docker volume rm\`, ` +
    `\`docker network rm\`), ${forget && `${forget}, `}then ${takeOverWay(prefix, true)}; or remove that volume, too, with the rows.`
  );
}

/** For a state that has the stack of another engine. */
export const FORGET_STACK =
  "have the state forget the pipeline (`pulumi state delete URN --target-dependents`, with its URN of `pulumi stack --show-urns`)";

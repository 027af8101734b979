import { type ChildProcess, spawn } from "node:child_process";
import type { ExistingParts } from "../../components/existing/parts";
import { heeding, rejectEnded } from "../processes/signals";
import { cliRemedy } from "./cli-remedy";
import { WITHOUT_FEED } from "./without-feed";

/** The stack's outputs, secrets included. They are only for this process, and never for a log. */
export interface StackOutputs {
  connectUrl: string;
  /** The token that Kafka Connect requires with a config, in `Authorization: Bearer …`. */
  connectToken: string;
  bootstrapServers: string;
  databaseUrl: string;
  /** Address of the database, if somebody else runs it. */
  existingDatabase?: string;
  /** How to reach the parts that somebody else runs; absent: all are the stack's own. */
  existing?: ExistingParts;
  topics: string[];
  connectorState: string;
  /** URL of the page and feed of the project's consumer; absent with another consumer (`cdc:consumer`). */
  feedUrl?: string;
  /** URL of a consumer of the user's own. */
  consumerUrl?: string;
}

/** Runs the CLI with its output on this terminal. @param variables further ones of its environment @returns its exit code @throws EndedError after a signal */
export async function pulumi(args: string[], variables: Record<string, string> = {}): Promise<number> {
  rejectEnded();
  const child = spawn("pulumi", args, {
    stdio: ["inherit", "inherit", "pipe"],
    env: { ...process.env, ...variables },
  });
  const complaints = passOn(child);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`Cannot run pulumi: ${error.message}. Use npm run.`)));
    child.once("close", (code) => {
      const remedy = code === 0 ? undefined : cliRemedy(complaints());
      if (remedy !== undefined) console.error(remedy);
      resolve(code ?? 1);
    });
  });
  // The terminal sends Ctrl-C to Pulumi, too, which ends in good order. This process waits for it.
  return heeding(
    (signal) => void (signal === "SIGTERM" && child.kill(signal)),
    () => ended,
  );
}

/** @throws when the stack is not up */
export async function stackOutputs(): Promise<StackOutputs> {
  const text = await captured(["stack", "output", "--json", "--show-secrets"]);
  const outputs = JSON.parse(text) as Partial<StackOutputs>;
  if (!outputs.databaseUrl) {
    throw new Error("The stack is not up, so there is nothing to show. Start it with `npm start`.");
  }
  return outputs as StackOutputs;
}

/** URL of the feed of the project's consumer. @throws when the stack has another consumer, or none */
export function feedOf({ feedUrl }: StackOutputs): string {
  if (feedUrl === undefined) throw new Error(`This stack has no feed to show: ${WITHOUT_FEED}.`);
  return feedUrl;
}

/** Runs the CLI on an input. @returns its standard output; its errors go to this terminal */
export function captured(args: string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { stdio: ["pipe", "pipe", "pipe"], env: process.env });
    const complaints = passOn(child);
    // A CLI that ends without reading its input reports the reason itself.
    child.stdin.on("error", () => undefined).end(input);
    let text = "";
    // By itself each chunk would lose the character that its end cuts in two, and what is exported may be imported again.
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve(text);
      reject(new Error(cliRemedy(complaints()) ?? `pulumi ${args[0]} ended with code ${code}; its reason is above.`));
    });
  });
}

/** Passes the CLI's errors on to this terminal at once. @returns a function that gives the errors so far, or only their end if they are long */
function passOn({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr!.setEncoding("utf8").on("data", (part: string) => {
    process.stderr.write(part);
    text = (text + part).slice(-8192);
  });
  return () => text;
}

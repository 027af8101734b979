import { type ChildProcess, spawn } from "node:child_process";
import { heeding } from "../processes/signals";
import { cliRemedy } from "./cli-remedy";

/** What the stack's outputs say, secrets included: for this process only, never for a log. */
export interface StackOutputs {
  connectUrl: string;
  /** What Kafka Connect wants with a config, as `Authorization: Bearer …`. */
  connectToken: string;
  bootstrapServers: string;
  databaseUrl: string;
  /** Where it is, if somebody else runs it. */
  existingDatabase?: string;
  topics: string[];
  connectorState: string;
  /** The page and feed of the project's consumer; absent where there is another (`cdc:consumer`). */
  feedUrl?: string;
  /** Where a consumer of somebody's own is published. */
  consumerUrl?: string;
}

/** Runs the CLI with its output on this terminal. @param variables further ones of its environment @returns its exit code */
export function pulumi(args: string[], variables: Record<string, string> = {}): Promise<number> {
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
  // Pulumi gets Ctrl-C from the terminal itself, and ends in good order; this process waits for it.
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

/** The feed of the project's consumer. @throws where the stack has another, or none */
export function feedOf({ feedUrl }: StackOutputs): string {
  if (feedUrl === undefined) throw new Error(`This stack has no feed to show: ${WITHOUT_FEED}.`);
  return feedUrl;
}

/** Why a stack has none. */
export const WITHOUT_FEED = "cdc:consumer is not the project's own consumer";

/** Runs the CLI on an input. @returns what it printed; its complaints go to this terminal */
export function captured(args: string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, { stdio: ["pipe", "pipe", "pipe"] });
    const complaints = passOn(child);
    // One that ends without reading says why by itself.
    child.stdin.on("error", () => undefined).end(input);
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve(text);
      reject(new Error(cliRemedy(complaints()) ?? `pulumi ${args[0]} ended with code ${code}; its reason is above.`));
    });
  });
}

/** What the CLI complains of goes to this terminal at once. @returns what it was so far, its end if it is long */
function passOn({ stderr }: ChildProcess): () => string {
  let text = "";
  stderr!.on("data", (chunk: Buffer) => {
    process.stderr.write(chunk);
    text = (text + chunk.toString()).slice(-8192);
  });
  return () => text;
}
